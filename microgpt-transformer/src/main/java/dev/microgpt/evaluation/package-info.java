/**
 * Whether a language model is any good, whichever it is: a GPT, bigram counts, or one of your own.
 *
 * <p>Three types to begin with: {@link dev.microgpt.evaluation.Report} judges a model by strings that were held out for validation
 * and by what it invents; {@link dev.microgpt.evaluation.Report.HeldOutLoss} has its cross-entropy loss beside those of counting
 * characters, pairs and n-grams; {@link dev.microgpt.evaluation.Score} tells how surprising a string is, character by character.
 *
 * <pre>{@code
 * List<String> names = Documents.givenNames().asList();
 * List<String> trained = names.subList(0, 2900);
 * Tokenizer tokenizer = Tokenizer.of(names);
 * Bigram counts = new Bigram(tokenizer.vocabSize());
 * trained.forEach(name -> counts.learn(tokenizer.encodeDocument(name)));
 * Report report = Report.of(counts, tokenizer, trained, names.subList(2900, 3037), 2900, List.of("anna", "annu"));
 * System.out.println(report);                        // for people
 * Report.fromJson(report.toJson()).equals(report);   // true: the same for programs
 * }</pre>
 *
 * <p>Losses are in nats per token, a token being a character or the end of a string. Null is neither accepted nor returned: a null
 * argument, or a null in a collection, is a {@link java.lang.NullPointerException} that names it, such as {@code samples[3] is
 * null}.
 *
 * @since 0.1
 */
package dev.microgpt.evaluation;
