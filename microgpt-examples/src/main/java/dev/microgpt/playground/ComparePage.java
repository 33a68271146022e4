package dev.microgpt.playground;

import dev.microgpt.bigram.NGram;
import dev.microgpt.mlp.MlpConfig;
import dev.microgpt.mlp.MlpPreset;
import dev.microgpt.optim.Adam;
import dev.microgpt.optim.LearningRate;
import dev.microgpt.optim.Moments;
import dev.microgpt.optim.Optimizer;
import dev.microgpt.optim.Parameters;
import dev.microgpt.optim.Sgd;
import dev.microgpt.text.LanguageModel;
import dev.microgpt.text.PythonRandom;
import dev.microgpt.text.Sampler;
import dev.microgpt.transformer.Gpt;
import dev.microgpt.transformer.GptConfig;
import dev.microgpt.transformer.GptConfig.Activation;
import dev.microgpt.transformer.Preset;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The stages in one table, two configurations side by side, and what a model writes while it learns. */
final class ComparePage {
    private static final List<Integer> ARC = List.of(1, 50, 100, 200, 300, 500, 1000);
    private static final int ARC_SAMPLES = 500;
    private static final int SHOWN = 6; // samples of a moment that are shown
    private static final int PAIRS = 3;

    private final Classroom classroom;
    private final TrainingPage trainings;

    ComparePage(Classroom classroom, TrainingPage trainings) {
        this.classroom = classroom;
        this.trainings = trainings;
    }

    void register(Api api) {
        api.answer("compare/stages", question -> stages());
        api.answer("compare/ngram", question -> ngram());
        api.stream("compare/configuration", this::configuration);
        api.stream("compare/arc", this::arc);
    }

    /** A stage; {@code remembered}: numbers that its optimizer keeps from step to step. */
    record Stage(int stage, String model, int heads, int layers, String optimizer, int remembered, int parameters)
            implements JsonObject {
        @Override
        public Map<String, Object> fields() {
            return Json.fields(
                    "stage model heads layers optimizer remembered parameters",
                    stage,
                    model,
                    heads,
                    layers,
                    optimizer,
                    remembered,
                    parameters);
        }
    }

    private List<Stage> stages() {
        int vocabSize = classroom.tokenizer().vocabSize();
        MlpConfig perceptron = MlpPreset.STAGE1.config(vocabSize);
        Parameters weights = perceptron.newParameters();
        Optimizer sgd = MlpPreset.STAGE1.optimizer();
        List<Stage> stages = new ArrayList<>();
        stages.add(new Stage(0, "table of counts", 0, 0, "counting", 0, vocabSize * vocabSize));
        stages.add(new Stage(1, "perceptron, by hand", 0, 0, name(sgd), remembered(sgd, weights), weights.size()));
        stages.add(new Stage(2, "perceptron, autograd", 0, 0, name(sgd), remembered(sgd, weights), weights.size()));
        for (Preset preset : List.of(Preset.STAGE3, Preset.STAGE4, Preset.STAGE5)) {
            GptConfig config = preset.config(vocabSize);
            Parameters parameters = config.newParameters();
            stages.add(new Stage(
                    3 + preset.ordinal() - Preset.STAGE3.ordinal(),
                    "transformer",
                    config.headCount(),
                    config.layerCount(),
                    name(preset.optimizer()),
                    remembered(preset.optimizer(), parameters),
                    parameters.size()));
        }
        return stages;
    }

    /** N-grams of the documents that the stages learn: how many, and their loss on those after; −1 if there are none. */
    record Counted(int order, long ngrams, double unseen) implements JsonObject {
        @Override
        public Map<String, Object> fields() {
            return Json.fields("order ngrams unseen", order, ngrams, unseen);
        }
    }

    private Counted ngram() {
        List<String> documents = classroom.documents().asList();
        int learned = Math.min(Run.STEPS, documents.size());
        int unseen = Math.min(1000, documents.size() - learned);
        List<String> first = documents.subList(0, learned);
        int order = NGram.train(first).order(); // the unseen ones have no say in it
        long ngrams = IntStream.rangeClosed(1, order)
                .mapToLong(length -> CountedOrders.ngrams(first, length, classroom.tokenizer()))
                .sum();
        NGram model = NGram.train(first, order, classroom.tokenizer());
        return new Counted(order, ngrams, trainings.meanLoss(model, learned, learned + unseen));
    }

    private static String name(Optimizer optimizer) {
        return optimizer instanceof Adam ? "Adam" : "gradient descent";
    }

    private static int remembered(Optimizer optimizer, Parameters parameters) {
        Moments moments = optimizer.start(parameters);
        return moments.first().map(Parameters::size).orElse(0)
                + moments.second().map(Parameters::size).orElse(0);
    }

    /** Trains a GPT of the visitor's own shape; the initial weights are drawn as in stage 5. */
    private void configuration(Question question, Events events) throws IOException {
        GptConfig config = new GptConfig(
                classroom.tokenizer().vocabSize(),
                question.integer("blockSize", 1, 32),
                question.integer("embedDim", 4, 64),
                question.integer("headCount", 1, 16),
                question.integer("layerCount", 1, 4),
                Activation.RELU);
        String name = question.text("optimizer", 20);
        Optimizer optimizer = switch (name) {
            case "adam" -> Preset.STAGE5.optimizer();
            case "sgd" -> new Sgd();
            default -> throw new IllegalArgumentException("optimizer " + name + " is not one of adam, sgd");
        };
        int steps = question.integer("steps", 1, 3000);
        LearningRate rate = LearningRate.linear(question.number("learningRate", 0, 10), steps);
        Gpt untrained = new Gpt(config, Preset.STAGE5.initialization().draw(config, classroom.afterShuffle()));
        trainings.run(
                List.of(Training.gpt(untrained, optimizer, rate, classroom)),
                steps,
                question.number("stepsPerSecond", 1, 100_000),
                events);
    }

    /**
     * What stage 5 writes after so many steps: the share of each of the three pairs among all pairs of the samples, the
     * shares of samples that BOS ended and of those that are in the list; {@code step} −1 stands for the list itself.
     */
    record Moment(
            int step,
            double loss,
            List<String> pairs,
            double[] shares,
            double ended,
            double inList,
            List<String> samples)
            implements JsonObject {
        @Override
        public Map<String, Object> fields() {
            return Json.fields(
                    "step loss pairs shares ended inList samples", step, loss, pairs, shares, ended, inList, samples);
        }
    }

    private void arc(Question question, Events events) throws IOException {
        List<String> documents = classroom.documents().asList();
        Map<String, Integer> counts = pairs(documents);
        List<String> frequent = counts.keySet().stream()
                .sorted(Comparator.comparing((String pair) -> -counts.get(pair)).thenComparing(pair -> pair))
                .limit(PAIRS)
                .toList();
        events.send(new Moment(
                -1,
                0,
                frequent,
                shares(frequent, counts),
                1,
                1,
                documents.subList(0, Math.min(SHOWN, documents.size()))));

        Training<Gpt> training = Training.gpt(Preset.STAGE5, classroom, Run.STEPS);
        double loss = 0;
        int done = 0;
        for (int step : ARC) {
            while (done < step) {
                loss = training.step();
                done++;
            }
            events.send(moment(step, loss, frequent, training.model()));
        }
    }

    private Moment moment(int step, double loss, List<String> frequent, LanguageModel model) {
        Sampler sampler = Preset.STAGE5.sampler();
        PythonRandom random = new PythonRandom(Classroom.SEED);
        List<String> samples = new ArrayList<>();
        int ended = 0;
        int inList = 0;
        for (int i = 0; i < ARC_SAMPLES; i++) {
            int[] tokens = sampler.sample(model, random);
            samples.add(classroom.tokenizer().decode(tokens));
            ended += tokens.length < sampler.maxTokens() ? 1 : 0;
            inList += classroom.list().contains(samples.get(i)) ? 1 : 0;
        }
        return new Moment(
                step,
                loss,
                frequent,
                shares(frequent, pairs(samples)),
                (double) ended / ARC_SAMPLES,
                (double) inList / ARC_SAMPLES,
                samples.subList(0, SHOWN));
    }

    private static double[] shares(List<String> pairs, Map<String, Integer> counts) {
        int all = counts.values().stream().mapToInt(Integer::intValue).sum();
        return pairs.stream()
                .mapToDouble(pair -> (double) counts.getOrDefault(pair, 0) / Math.max(1, all))
                .toArray();
    }

    /** How often each pair of neighbouring characters occurs. */
    private static Map<String, Integer> pairs(List<String> texts) {
        Map<String, Integer> counts = new HashMap<>();
        for (String text : texts) {
            int[] characters = text.codePoints().toArray();
            for (int i = 0; i + 1 < characters.length; i++) {
                counts.merge(new String(characters, i, 2), 1, Integer::sum);
            }
        }
        return counts;
    }
}
