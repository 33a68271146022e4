package dev.microgpt.playground;

import dev.microgpt.bigram.NGram;
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
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/** The stages in one table, two configurations side by side, and what a model writes while it learns. */
final class ComparePage {
    private static final List<Integer> ARC = List.of(1, 50, 100, 200, 300, 500, 1000);
    private static final int ARC_SAMPLES = 500;
    private static final int SHOWN = 6; // samples of a moment that are shown
    private static final int PAIRS = 3;
    private static final String MEASURED = "given-names-stages.csv"; // stage, mean of the last 100, unseen

    private final Classroom classroom;
    private final TrainingPage trainings;

    ComparePage(Classroom classroom, TrainingPage trainings) {
        this.classroom = classroom;
        this.trainings = trainings;
    }

    void register(Api api) {
        api.answer("compare/stages", question -> stages());
        api.answer("compare/ngram", question -> ngram());
        api.answer(
                "compare/weights",
                question -> Map.of(
                        "weights", training(question).model().parameters().size()));
        api.stream("compare/configuration", this::configuration);
        api.stream("compare/arc", this::arc);
    }

    /**
     * A program; {@code peak}: its learning rate at first, 0 in stage 0; {@code remembered}: numbers that its optimizer keeps from step
     * to step; {@code meanOfLast} and {@code unseen}: as of {@link TrainingPage.End} after {@value Run#STEPS} steps on the given names,
     * as measured once, or −1 if the list is another.
     */
    record Stage(
            String stage,
            String model,
            int heads,
            int layers,
            String optimizer,
            double peak,
            String decay,
            int remembered,
            int parameters,
            double meanOfLast,
            double unseen)
            implements JsonObject {
        @Override
        public Map<String, Object> fields() {
            return Json.fields(
                    "stage model heads layers optimizer peak decay remembered parameters meanOfLast unseen",
                    stage,
                    model,
                    heads,
                    layers,
                    optimizer,
                    peak,
                    decay,
                    remembered,
                    parameters,
                    meanOfLast,
                    unseen);
        }
    }

    private List<Stage> stages() {
        Map<String, double[]> measured = classroom.hasGivenNames() ? MeasuredSeeds.read(MEASURED) : Map.of();
        double[] none = {-1, -1};
        double[] counting = measured.getOrDefault("0", none);
        int pairs = classroom.tokenizer().vocabSize() * classroom.tokenizer().vocabSize();
        List<Stage> stages = new ArrayList<>();
        stages.add(new Stage("0", "table of counts", 0, 0, "counting", 0, "", 0, pairs, counting[0], counting[1]));
        stages.add(perceptron("1", "perceptron, by hand", measured.getOrDefault("1", none)));
        stages.add(perceptron("2", "perceptron, autograd", measured.getOrDefault("2", none)));
        stages.add(transformer("3", Preset.STAGE3, measured.getOrDefault("3", none)));
        stages.add(transformer("4", Preset.STAGE4, measured.getOrDefault("4", none)));
        stages.add(transformer("5", Preset.STAGE5, measured.getOrDefault("5", none)));
        stages.add(transformer("early", Preset.EARLY, measured.getOrDefault("early", none)));
        return stages;
    }

    private Stage perceptron(String stage, String model, double... measured) {
        Optimizer optimizer = MlpPreset.STAGE1.optimizer();
        LearningRate rate = MlpPreset.STAGE1.learningRate(Run.STEPS);
        Parameters parameters =
                MlpPreset.STAGE1.config(classroom.tokenizer().vocabSize()).newParameters();
        return new Stage(
                stage,
                model,
                0,
                0,
                name(optimizer),
                rate.peak(),
                name(rate.decay()),
                remembered(optimizer, parameters),
                parameters.size(),
                measured[0],
                measured[1]);
    }

    private Stage transformer(String stage, Preset preset, double... measured) {
        GptConfig config = preset.config(classroom.tokenizer().vocabSize());
        Parameters parameters = config.newParameters();
        LearningRate rate = preset.learningRate(Run.STEPS);
        return new Stage(
                stage,
                "transformer",
                config.headCount(),
                config.layerCount(),
                name(preset.optimizer()),
                rate.peak(),
                name(rate.decay()),
                remembered(preset.optimizer(), parameters),
                parameters.size(),
                measured[0],
                measured[1]);
    }

    private static String name(LearningRate.Decay decay) {
        return decay.name().toLowerCase(Locale.ROOT);
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
        return new Counted(order, ngrams, classroom.meanLoss(model, learned, learned + unseen));
    }

    private static String name(Optimizer optimizer) {
        return optimizer instanceof Adam ? "Adam" : "gradient descent";
    }

    private static int remembered(Optimizer optimizer, Parameters parameters) {
        Moments moments = optimizer.start(parameters);
        return moments.first().map(Parameters::size).orElse(0)
                + moments.second().map(Parameters::size).orElse(0);
    }

    private void configuration(Question question, Events events) throws IOException {
        trainings.run(
                List.of(training(question)),
                question.integer("steps", 1, 3000),
                question.number("stepsPerSecond", 1, 100_000),
                events);
    }

    /** A GPT of the visitor's own shape, not trained yet; the initial weights are drawn as in stage 5. */
    private Training<Gpt> training(Question question) {
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
        LearningRate rate =
                LearningRate.linear(question.number("learningRate", 0, 10), question.integer("steps", 1, 3000));
        Gpt untrained = new Gpt(config, Preset.STAGE5.initialization().draw(config, classroom.afterShuffle()));
        return Training.gpt(untrained, optimizer, rate, classroom);
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
