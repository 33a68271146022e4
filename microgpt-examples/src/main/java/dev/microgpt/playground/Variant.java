package dev.microgpt.playground;

import dev.microgpt.optim.LearningRate;
import dev.microgpt.optim.Optimizer;
import dev.microgpt.optim.Parameters;
import dev.microgpt.optim.Parameters.Tensor;
import dev.microgpt.transformer.GptConfig;
import dev.microgpt.transformer.Preset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
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
        ATTENTION("attn"),
        /** A vector that says where in the name a token stands. Without: only what the token is. */
        POSITION("wpe"),
        /** Attention and perceptron add to what is there. Without: they replace it. */
        RESIDUAL("(none)"),
        /** Vectors are brought to the same size. Without: they are as large as they happen to be. */
        NORM("(none)"),
        /** A position sees nothing that comes after it. Without: it sees all of the name, also the next letter. */
        MASK("(none)"),
        /** The layer of stage 2, fc1, ReLU and fc2. Without: attention alone. */
        PERCEPTRON("mlp");

        private final String tensors; // what the names of its weights have in common

        Part(String tensors) {
            this.tensors = tensors;
        }
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

    /** How many weights are left unused, since the part that has them is missing. */
    int unused(int vocabSize) {
        Parameters parameters = config(vocabSize).newParameters();
        return parameters.tensors().stream()
                .filter(tensor ->
                        without.stream().anyMatch(part -> tensor.name().contains(part.tensors)))
                .mapToInt(Tensor::size)
                .sum();
    }

    /** What is missing or different, such as {@code attention position one-head}; of the whole model {@code whole}. */
    String key() {
        List<String> words = new ArrayList<>();
        Arrays.stream(Part.values())
                .filter(without::contains)
                .map(part -> part.name().toLowerCase(Locale.ROOT))
                .forEach(words::add);
        if (headCount == 1) {
            words.add("one-head");
        }
        if (zeros) {
            words.add("zeros");
        }
        if (descent) {
            words.add("descent");
        }
        return words.isEmpty() ? "whole" : String.join(" ", words);
    }

    /** The variant of a key. */
    static Variant of(String key) {
        Set<Part> without = EnumSet.noneOf(Part.class);
        Set<String> others = new HashSet<>();
        for (String word : key.equals("whole") ? new String[0] : key.split(" ")) {
            Optional<Part> part = Arrays.stream(Part.values())
                    .filter(p -> p.name().toLowerCase(Locale.ROOT).equals(word))
                    .findAny();
            if (part.isPresent()) {
                without.add(part.get());
            } else if (List.of("one-head", "zeros", "descent").contains(word)) {
                others.add(word);
            } else {
                throw new IllegalArgumentException(
                        "variant " + key + " has the part \"" + word
                                + "\", not one of attention, position, residual, norm, mask, perceptron, one-head, zeros, descent");
            }
        }
        return new Variant(
                without, others.contains("one-head") ? 1 : 4, others.contains("zeros"), others.contains("descent"));
    }
}
