package dev.microgpt.playground;

import dev.microgpt.bigram.NGram;
import dev.microgpt.text.LanguageModel;
import dev.microgpt.text.PythonRandom;
import dev.microgpt.text.Sampler;
import dev.microgpt.text.Tokenizer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The n-gram models of orders 2 to 8 on nine tenths of a list, each distinct text once, and what they are worth on the rest. Losses
 * count the first predictions of a text only, as many as a GPT beside them can read.
 */
final class CountedOrders {
    private static final int MOST_HELD_OUT = 1000;
    private static final int MEASURED = 1000; // counted texts whose loss is taken
    private static final int SHORTEST_BLOCK = 16; // of stage 5
    private static final int LONGEST_BLOCK = 64;
    private static final int SAMPLES = 100;
    private static final int SHOWN = 10;

    private final Classroom classroom;
    private final List<String> counted;
    private final List<String> unseen;
    private final int blockSize;
    private final List<NGram> models;
    private final Answer answer;

    CountedOrders(Classroom classroom) {
        this.classroom = classroom;
        List<String> distinct = classroom.documents().stream().distinct().toList();
        if (distinct.size() < 2) {
            throw new IllegalArgumentException("documents has 1 different text, at least 2 are needed to hold one out");
        }
        int heldOut = Math.max(1, Math.min(MOST_HELD_OUT, distinct.size() / 10));
        counted = distinct.subList(0, distinct.size() - heldOut);
        unseen = distinct.subList(distinct.size() - heldOut, distinct.size());
        int longest = distinct.stream()
                .mapToInt(text -> text.codePointCount(0, text.length()))
                .max()
                .orElseThrow();
        blockSize = Math.max(SHORTEST_BLOCK, Math.min(LONGEST_BLOCK, longest + 1));
        models = IntStream.rangeClosed(2, 8)
                .mapToObj(order -> NGram.train(counted, order, classroom.tokenizer()))
                .toList();
        answer = new Answer(
                counted.size(),
                unseen.size(),
                blockSize,
                Math.log(classroom.tokenizer().vocabSize()),
                Lengths.of(distinct),
                models.stream().map(this::order).toList());
    }

    /** {@code longest}: predictions of a text that are measured at most. */
    record Answer(int counted, int unseen, int longest, double chance, Lengths lengths, List<Order> orders)
            implements JsonObject {
        @Override
        public Map<String, Object> fields() {
            return Json.fields(
                    "counted unseen longest chance lengths orders", counted, unseen, longest, chance, lengths, orders);
        }
    }

    /** {@code contexts}: different contexts of {@code order − 1} tokens that were counted. */
    record Order(int order, long contexts, Measured measured) implements JsonObject {
        @Override
        public Map<String, Object> fields() {
            return Json.fields("order contexts measured", order, contexts, measured);
        }
    }

    /** Losses in nats per token; {@code copied}: how many of 100 samples are in the list. */
    record Measured(double counted, double unseen, int copied, Lengths lengths, List<Sample> samples)
            implements JsonObject {
        @Override
        public Map<String, Object> fields() {
            return Json.fields("counted unseen copied lengths samples", counted, unseen, copied, lengths, samples);
        }
    }

    /** Mean number of characters, and its standard deviation. */
    record Lengths(double mean, double deviation) implements JsonObject {
        @Override
        public Map<String, Object> fields() {
            return Json.fields("mean deviation", mean, deviation);
        }

        static Lengths of(List<String> texts) {
            double[] lengths = texts.stream()
                    .mapToDouble(text -> text.codePointCount(0, text.length()))
                    .toArray();
            double mean = Arrays.stream(lengths).average().orElseThrow();
            double variance = Arrays.stream(lengths)
                    .map(length -> (length - mean) * (length - mean))
                    .average()
                    .orElseThrow();
            return new Lengths(mean, Math.sqrt(variance));
        }
    }

    private Order order(NGram model) {
        long contexts = distinct(counted, model.order() - 1, 1, classroom.tokenizer());
        return new Order(model.order(), contexts, measured(model, new Sampler(1, 10 * blockSize)));
    }

    /** How many different n-grams of one length the texts have, where a BOS stands before each text and one after it. */
    static long ngrams(List<String> texts, int length, Tokenizer tokenizer) {
        return distinct(texts, length, 0, tokenizer);
    }

    /** Those that have so many tokens after them; packed into one number, since a list of the playground has few tokens. */
    private static long distinct(List<String> texts, int length, int after, Tokenizer tokenizer) {
        long[] packed = texts.stream()
                .map(tokenizer::encodeDocument)
                .flatMapToLong(tokens -> IntStream.rangeClosed(0, tokens.length - length - after)
                        .mapToLong(i -> pack(tokens, i, length, tokenizer.vocabSize())))
                .sorted()
                .toArray();
        return IntStream.range(0, packed.length)
                .filter(i -> i == 0 || packed[i] != packed[i - 1])
                .count();
    }

    private static long pack(int[] tokens, int from, int length, int vocabSize) {
        long packed = 0;
        for (int i = from; i < from + length; i++) {
            packed = packed * vocabSize + tokens[i]; // 128^8 < 2^63
        }
        return packed;
    }

    Answer answer() {
        return answer;
    }

    List<String> counted() {
        return counted;
    }

    List<NGram> models() {
        return models;
    }

    int blockSize() {
        return blockSize;
    }

    /** The model with the lowest loss on the unseen texts. */
    NGram best() {
        int best = 0;
        for (int i = 1; i < models.size(); i++) {
            if (unseen(i) < unseen(best)) {
                best = i;
            }
        }
        return models.get(best);
    }

    private double unseen(int model) {
        return answer.orders().get(model).measured().unseen();
    }

    Measured measured(LanguageModel model, Sampler sampler) {
        PythonRandom random = new PythonRandom(Classroom.SEED);
        List<String> texts = Stream.generate(() -> classroom.tokenizer().decode(sampler.sample(model, random)))
                .limit(SAMPLES)
                .toList();
        List<Sample> samples = Sample.of(texts, classroom.list());
        return new Measured(
                loss(model, counted.subList(0, Math.min(MEASURED, counted.size()))),
                unseenLoss(model),
                (int) samples.stream().filter(Sample::inList).count(),
                Lengths.of(texts),
                samples.subList(0, SHOWN));
    }

    double unseenLoss(LanguageModel model) {
        return loss(model, unseen);
    }

    /** Of the difference of two models' unseen losses, paired by text: only what they disagree on scatters. */
    double standardError(LanguageModel a, LanguageModel b) {
        double[] differences = new double[unseen.size()];
        int[] predictions = new int[unseen.size()];
        for (int i = 0; i < differences.length; i++) {
            double[] lossesOfA = losses(a, unseen.get(i)).toArray();
            predictions[i] = lossesOfA.length;
            differences[i] =
                    Arrays.stream(lossesOfA).sum() - losses(b, unseen.get(i)).sum();
        }
        double all = Arrays.stream(predictions).sum();
        double mean = Arrays.stream(differences).sum() / all;
        double squares = 0;
        for (int i = 0; i < differences.length; i++) {
            double rest = differences[i] - mean * predictions[i];
            squares += rest * rest;
        }
        return Math.sqrt(squares * differences.length / Math.max(1, differences.length - 1)) / all;
    }

    /** Per predicted token. */
    private double loss(LanguageModel model, List<String> texts) {
        return texts.stream()
                .flatMapToDouble(text -> losses(model, text))
                .average()
                .orElseThrow();
    }

    private DoubleStream losses(LanguageModel model, String text) {
        return Arrays.stream(model.losses(classroom.tokenizer().encodeDocument(text)))
                .limit(blockSize);
    }
}
