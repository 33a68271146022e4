package dev.microgpt;

import dev.microgpt.evaluation.Report;
import dev.microgpt.text.PythonRandom;
import dev.microgpt.text.Tokenizer;
import dev.microgpt.transformer.Gpt;
import java.util.List;
import java.util.Optional;

/**
 * All that a {@link MicroGpt} is made of, and its file holds.
 *
 * @param gpt shape and weights
 * @param tokenizer the vocabulary
 * @param options how it was trained last
 * @param provenance where it comes from
 * @param fingerprints of the lists it was trained on, one after the other
 * @param random where the random numbers stand after the shuffle and the first weights: the original programs sample on
 *     from there
 * @param report how good it is; empty while it is being judged
 */
record StoredModel(
        Gpt gpt,
        Tokenizer tokenizer,
        TrainingOptions options,
        Provenance provenance,
        List<Fingerprint> fingerprints,
        PythonRandom.State random,
        Optional<Report> report) {
    StoredModel with(Report judged) {
        return new StoredModel(gpt, tokenizer, options, provenance, fingerprints, random, Optional.of(judged));
    }
}
