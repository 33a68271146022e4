package dev.microgpt.playground;

import dev.microgpt.optim.LearningRate;
import dev.microgpt.optim.Moments;
import dev.microgpt.optim.Optimizer;
import dev.microgpt.optim.Parameters;
import dev.microgpt.text.Documents;
import dev.microgpt.text.PythonRandom;
import dev.microgpt.text.Tokenizer;
import dev.microgpt.transformer.Initialization;
import dev.microgpt.transformer.Preset;
import java.util.Set;

/**
 * A variant of stage 5 learning a list, one document per step. The seed shuffles the list and draws the first weights, as in the
 * stages; so two variants with one seed read the same documents and begin with the same numbers. Belongs to one thread.
 */
final class LessonRun {
    private static final int MOST_UNSEEN = 1000;
    private static final int HELD_OUT = 10; // at least one in so many documents is not learned

    private final Documents documents;
    private final Tokenizer tokenizer;
    private final int learned; // so many first documents of the shuffled list
    private final Parameters parameters;
    private final Parameters gradient;
    private final Optimizer optimizer;
    private final Moments moments;
    private final LearningRate rate;
    private final LessonGpt model;
    private int step;

    LessonRun(Variant variant, Documents given, Tokenizer tokenizer, long seed, int steps) {
        PythonRandom random = new PythonRandom(seed);
        documents = given.shuffled(random);
        this.tokenizer = tokenizer;
        learned = learned(documents, steps);
        Initialization initialization =
                variant.zeros() ? new Initialization(0, false, Set.of()) : Preset.STAGE5.initialization();
        parameters = initialization.draw(variant.config(tokenizer.vocabSize()), random);
        gradient = parameters.zeros();
        optimizer = variant.optimizer();
        moments = optimizer.start(parameters);
        rate = variant.learningRate(steps);
        model = new LessonGpt(variant, tokenizer.vocabSize(), parameters);
    }

    /** Learns the next document and returns what it cost before that, in nats per token. */
    double step() {
        double loss = model.lossAndGradient(gradient, tokens(step % learned));
        optimizer.update(parameters, gradient, moments, rate.at(step++));
        return loss;
    }

    /** The weights as they are now. */
    Parameters parameters() {
        return parameters.copy();
    }

    /** Of how many documents a run learns: of one per step, or of nine tenths of them again and again. */
    static int learned(Documents documents, int steps) {
        if (documents.size() < 2) {
            throw new IllegalArgumentException(
                    "documents has 1 document, at least 2 are needed: one to learn and one that is unseen");
        }
        return Math.min(steps, documents.size() - Math.max(1, documents.size() / HELD_OUT));
    }

    /** On how many of the others its loss is measured. */
    static int unseen(Documents documents, int steps) {
        return Math.min(MOST_UNSEEN, documents.size() - learned(documents, steps));
    }

    /** Loss of the documents after those that it learns, in nats per token; a long document counts more. */
    double unseenLoss() {
        return Classroom.meanLoss(
                model::losses, this::tokens, learned, Math.min(learned + MOST_UNSEEN, documents.size()));
    }

    private int[] tokens(int index) {
        return tokenizer.encodeDocument(documents.get(index));
    }
}
