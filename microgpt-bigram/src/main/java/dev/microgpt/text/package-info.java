/**
 * What all stages share: the data, the random draws, and the two things one does with a language model, measuring its
 * loss and sampling from it.
 *
 * <p>Text goes in as {@link dev.microgpt.text.Documents} and becomes numbers in the
 * {@link dev.microgpt.text.Tokenizer}: "ava" is [BOS, a, v, a, BOS]. A {@link dev.microgpt.text.LanguageModel} reads
 * such tokens one after the other and answers each with logits, one score for every token that may come next. softmax
 * turns scores into probabilities, and the loss is what the model pays for the tokens that really came:
 *
 * <pre>
 * p_i  = e^(l_i) / Σ_j e^(l_j)                      softmax
 * loss = (1/n) Σ_t −log p_t[token t+1]              nats per predicted token; log V for a model at chance
 * </pre>
 *
 * The {@link dev.microgpt.text.Sampler} goes the other way: it draws the next token from softmax(logits /
 * temperature), hands it to the model, and goes on until BOS comes.
 *
 * <p>Everything random takes a {@link java.util.random.RandomGenerator}. With {@link dev.microgpt.text.PythonRandom}
 * the draws are those of the original programs, and so are all results.
 *
 * <p>Read in this order: {@link dev.microgpt.text.Documents}, {@link dev.microgpt.text.Tokenizer},
 * {@link dev.microgpt.text.LanguageModel} with {@link dev.microgpt.text.Context}, then
 * {@link dev.microgpt.bigram.Bigram} as the first model, {@link dev.microgpt.text.Sampler}, and
 * {@link dev.microgpt.text.PythonRandom} when you want to know where chance comes from.
 */
package dev.microgpt.text;
