/**
 * Stage 0: language models that count, a bigram model and n-grams with Kneser–Ney smoothing.
 *
 * <p><b>Begin with</b> {@link dev.microgpt.text.Documents}, the training data, {@link dev.microgpt.text.Tokenizer}, from
 * characters to token ids, and {@link dev.microgpt.bigram.Bigram}, the model. Then {@link dev.microgpt.text.LanguageModel},
 * what all models have in common, and {@link dev.microgpt.text.Sampler}, which writes new names with it. {@link
 * dev.microgpt.bigram.NGram} is counting done well, for whoever wants to know how far it goes.
 *
 * <p><b>What is new.</b> Everything that a language model needs around it: documents, tokens, a loss, a training loop
 * and sampling. The model itself is a table of how often token j came right after token i. It knows nothing but the last
 * token.
 *
 * <p><b>The formula.</b> The probability that j follows i, with one added to every count so that none is 0, is
 *
 * <pre>
 * p(j | i) = (c_ij + 1) / (Σ_j c_ij + V)            V = vocabSize
 * loss     = (1/n) Σ_t −log p(token t+1 | token t)  nats per predicted token
 * </pre>
 *
 * Before the first document all p are 1/V and the loss is log 27 = 3.2958. A step of training measures the loss of
 * one document and then adds its pairs to the counts; after 1,000 steps on the embedded names the mean over the last
 * 100 documents is 2.64. There is no gradient yet, and none is needed: normalized counts are already the
 * probabilities at which the loss of the counted pairs, the added ones among them, is lowest. Stage 1 finds almost the same
 * table by gradients, which still works when a model looks at more than one token and no table is large enough.
 *
 * <pre>{@code
 * PythonRandom random = new PythonRandom(42);
 * Documents docs = Documents.givenNames().shuffled(random);
 * Tokenizer tokenizer = Tokenizer.of(docs);
 * Bigram model = new Bigram(tokenizer.vocabSize());
 * for (int step = 0; step < 1000; step++) {
 *     model.learn(tokenizer.encodeDocument(docs.atStep(step)));
 * }
 * tokenizer.decode(new Sampler(1, 16).sample(model, random)); // "safhinafirtzan"
 * }</pre>
 *
 * <p><b>How far counting goes.</b> An {@link dev.microgpt.bigram.NGram} counts what follows the last n − 1 tokens instead of the last
 * one. Most of such contexts were seen once or never, so the question is no longer how to count but what to say there: less than
 * what was counted, and for the rest what follows the shorter context (Kneser–Ney smoothing). Trained on nine tenths of the embedded
 * names, the loss on the others is 2.60 at order 2, 2.49 at order 6, and stays there.
 *
 * <pre>{@code
 * NGram model = NGram.train(Documents.givenNames().asList()); // chooses the order on held-out names
 * model.generate(2, new PythonRandom(42)); // [obia, prapaljallievia]
 * model.loss("emma");                      // 1.9191119993483945
 * }</pre>
 *
 * <p>No method takes or returns null. Where it is given all the same, a {@link NullPointerException} names the parameter.
 */
package dev.microgpt.bigram;
