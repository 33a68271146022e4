package dev.microgpt.playground;

import dev.microgpt.bigram.NGram;
import dev.microgpt.frame.Spelling;
import dev.microgpt.optim.LearningRate;
import dev.microgpt.text.Documents;
import dev.microgpt.text.LanguageModel;
import dev.microgpt.text.PythonRandom;
import dev.microgpt.text.Sampler;
import dev.microgpt.transformer.Engine;
import dev.microgpt.transformer.Gpt;
import dev.microgpt.transformer.GptConfig;
import dev.microgpt.transformer.GptConfig.Activation;
import dev.microgpt.transformer.Preset;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** How far counting goes: n-grams of all orders on one part of the list, measured on the rest, and a GPT on the same parts. */
final class NGramPage {
    private static final int REPORTS = 20; // of a training of the GPT
    private static final int WEIGHTS = 10; // of mixtures, in steps of a tenth

    private final Classroom classroom;
    private CountedOrders counted; // made when somebody first asks

    NGramPage(Classroom classroom) {
        this.classroom = classroom;
    }

    void register(Api api) {
        api.answer("ngram/orders", question -> counted().answer());
        api.answer("ngram/word", this::word);
        api.answer("ngram/example", this::example);
        api.stream("ngram/gpt", this::gpt);
    }

    private synchronized CountedOrders counted() {
        if (counted == null) {
            counted = new CountedOrders(classroom);
        }
        return counted;
    }

    /** {@code probabilities[i][t]}: what order {@code orders[i]} gives token t + 1 of the word; {@code counted}: it is in the table. */
    record Word(List<String> symbols, int[] orders, double[][] probabilities, double[] losses, boolean counted)
            implements JsonObject {
        @Override
        public Map<String, Object> fields() {
            return Json.fields(
                    "symbols orders probabilities losses counted", symbols, orders, probabilities, losses, counted);
        }
    }

    private Word word(Question question) {
        String word = classroom.word(question, "word");
        int[] tokens = classroom.tokenizer().encodeDocument(word);
        List<NGram> models = counted().models();
        return new Word(
                classroom.symbols(tokens),
                models.stream().mapToInt(NGram::order).toArray(),
                models.stream()
                        .map(model -> Arrays.stream(model.losses(tokens))
                                .map(loss -> Math.exp(-loss))
                                .toArray())
                        .toArray(double[][]::new),
                models.stream().mapToDouble(model -> model.loss(tokens)).toArray(),
                counted().counted().contains(word));
    }

    /** What comes after a context in a small list. */
    record Example(String context, String shorter, List<Row> rows) implements JsonObject {
        @Override
        public Map<String, Object> fields() {
            return Json.fields("context shorter rows", context, shorter, rows);
        }
    }

    /**
     * A token that may come next: how often it came after the context, after how many different tokens it came with the shorter
     * one, and its probability.
     */
    record Row(String symbol, int count, int continuations, double probability) implements JsonObject {
        @Override
        public Map<String, Object> fields() {
            return Json.fields("symbol count continuations probability", symbol, count, continuations, probability);
        }
    }

    private Example example(Question question) {
        List<String> words = question.text("words", Limits.EXAMPLE).lines().toList();
        NGram model = NGram.train(words, question.integer("order", 2, 4));
        String typed = question.text("context", Limits.EXAMPLE);
        int[] given = model.tokenizer().encode(new Spelling(model.tokenizer()).read(typed));
        SmallCounts counts = new SmallCounts(Documents.of(words), model.tokenizer());
        int[] context = counts.context(given, model.order() - 1);
        double[] probs = SmallCounts.probabilities(model, given);
        List<Row> rows = new ArrayList<>();
        for (int token = 0; token < probs.length; token++) {
            rows.add(new Row(
                    counts.symbol(token),
                    counts.count(context, token),
                    counts.continuations(context, token),
                    probs[token]));
        }
        return new Example(counts.text(context, 0), counts.text(context, 1), rows);
    }

    /** The GPT after so many steps, in nats per token of the unseen documents. */
    record Progress(int step, int steps, double unseen) implements JsonObject {
        @Override
        public Map<String, Object> fields() {
            return Json.fields("step steps unseen", step, steps, unseen);
        }
    }

    /**
     * The trained GPT as an order is described, the standard error of its difference to the best order, and the unseen loss of
     * mixtures: {@code mixed[i]} has the share i/10 of the GPT.
     */
    record End(boolean done, int weights, int order, CountedOrders.Measured gpt, double error, double[] mixed)
            implements JsonObject {
        @Override
        public Map<String, Object> fields() {
            return Json.fields("done weights order gpt error mixed", done, weights, order, gpt, error, mixed);
        }
    }

    private void gpt(Question question, Events events) throws IOException {
        CountedOrders orders = counted();
        int steps = question.integer("steps", REPORTS, Limits.STEPS);
        GptConfig config = new GptConfig(
                classroom.tokenizer().vocabSize(),
                orders.blockSize(),
                16,
                4,
                1,
                Activation.RELU); // but for blockSize, stage 5
        PythonRandom random = new PythonRandom(Classroom.SEED);
        Gpt untrained = new Gpt(config, Preset.STAGE5.initialization().draw(config, random));
        Engine engine = Engine.of(Engine.Kind.ARRAY, untrained, Preset.STAGE5.optimizer());
        LearningRate rate = Preset.STAGE5.learningRate(steps);
        List<String> counted = orders.counted();
        for (int step = 0; step < steps; step++) {
            if (step * REPORTS / steps > (step - 1) * REPORTS / steps || step == 0) {
                events.send(new Progress(step, steps, orders.unseenLoss(engine.model())));
            }
            engine.lossAndGradient(classroom.tokenizer().encodeDocument(counted.get(step % counted.size())));
            engine.update(rate.at(step));
        }
        Gpt model = engine.model();
        NGram best = orders.best();
        double[] mixed = new double[WEIGHTS + 1];
        for (int i = 0; i <= WEIGHTS; i++) {
            mixed[i] = orders.unseenLoss(LanguageModel.mix(model, best, (double) i / WEIGHTS));
        }
        events.send(new End(
                true,
                model.parameters().size(),
                best.order(),
                orders.measured(model, new Sampler(1, orders.blockSize())),
                orders.standardError(model, best),
                mixed));
    }
}
