package dev.microgpt.playground;

import dev.microgpt.optim.LearningRate;
import dev.microgpt.optim.Optimizer;
import dev.microgpt.transformer.GptConfig;
import dev.microgpt.transformer.Preset;
import java.util.Set;

/**
 * Stage 5, or what is left of it when parts are taken away (an ablation).
 *
 * @param without the parts that are taken away
 * @param headCount heads of attention: 1 or 4
 * @param zeros whether all weights start at 0 instead of being drawn from N(0, 0.08²)
 * @param descent whether plain gradient descent, as in stages 3 and 4, takes the place of Adam
 */
record Variant(Set<Part> without, int headCount, boolean zeros, boolean descent) {
    /** Nothing is taken away: stage 5 itself. */
    static final Variant WHOLE = new Variant(Set.of(), 4, false, false);

    /** A part of the model that a switch takes away; each stands for what it does. */
    enum Part {
        /** A position takes over something of the positions before it. Without: it knows nothing but itself. */
        ATTENTION,
        /** A vector that says where in the name a token stands. Without: only what the token is. */
        POSITION,
        /** Attention and perceptron add to what is there. Without: they replace it. */
        RESIDUAL,
        /** Vectors are brought to the same size. Without: they are as large as they happen to be. */
        NORM,
        /** A position sees nothing that comes after it. Without: it sees all of the name, also the next letter. */
        MASK,
        /** The layer of stage 2, fc1, ReLU and fc2. Without: attention alone. */
        PERCEPTRON
    }

    Variant {
        without = Set.copyOf(without);
        if (headCount != 1 && headCount != 4) {
            throw new IllegalArgumentException("headCount " + headCount + " is not one of 1, 4");
        }
    }

    /** Stage 5 without these parts. */
    static Variant without(Part... parts) {
        return new Variant(Set.of(parts), 4, false, false);
    }

    boolean has(Part part) {
        return !without.contains(part);
    }

    /** The shape; it has room for all parts, whether they are used or not. */
    GptConfig config(int vocabSize) {
        return (headCount == 1 ? Preset.STAGE3 : Preset.STAGE5).config(vocabSize);
    }

    Optimizer optimizer() {
        return preset().optimizer();
    }

    LearningRate learningRate(int steps) {
        return preset().learningRate(steps);
    }

    private Preset preset() {
        return descent ? Preset.STAGE4 : Preset.STAGE5;
    }
}
