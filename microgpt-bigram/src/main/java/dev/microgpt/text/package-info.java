/**
 * What all stages share: training data, tokenizer, the cross-entropy loss of a language model, temperature sampling, and
 * random numbers.
 *
 * <p><b>Begin with</b> {@link dev.microgpt.text.Documents}, the training data; {@link dev.microgpt.text.Tokenizer}, from
 * characters to token ids and back; and {@link dev.microgpt.text.LanguageModel}, which scores the next token and has a loss.
 * Then {@link dev.microgpt.text.Context}, a model that reads, {@link dev.microgpt.bigram.Bigram}, the first model, {@link
 * dev.microgpt.text.Sampler}, which writes, and {@link dev.microgpt.text.PythonRandom}, where chance comes from.
 *
 * <p>Text goes in as {@link dev.microgpt.text.Documents} and becomes numbers in the
 * {@link dev.microgpt.text.Tokenizer}: "ava" is [BOS, a, v, a, BOS]. A {@link dev.microgpt.text.LanguageModel} reads
 * such tokens one after the other and answers each with logits, one score for every token that may come next. softmax
 * turns scores into probabilities, and the loss is low where the tokens that really came were likely:
 *
 * <pre>
 * p_i  = e^(l_i) / Σ_j e^(l_j)                      softmax
 * loss = (1/n) Σ_t −log p_t[token t+1]              nats per predicted token; log V for a model at chance
 * </pre>
 *
 * Of documents that the model was not trained on, it is the validation loss; e^loss is the perplexity.
 *
 * <p>The {@link dev.microgpt.text.Sampler} goes the other way: it draws the next token from softmax(logits /
 * temperature), lets the model read it, and goes on until BOS comes.
 *
 * <p>Everything random takes a {@link java.util.random.RandomGenerator}. With {@link dev.microgpt.text.PythonRandom}
 * the draws are those of the original programs, and so are all results.
 *
 * <p>No method takes or returns null. Where it is given all the same, a {@link NullPointerException} names the parameter,
 * and within a list the index: {@code documents[3] is null}.
 */
package dev.microgpt.text;
