package dev.microgpt.playground;

import dev.microgpt.optim.Adam;
import dev.microgpt.optim.Moments;
import dev.microgpt.optim.Parameters;
import dev.microgpt.optim.Sgd;
import dev.microgpt.text.Context;
import dev.microgpt.text.PythonRandom;
import dev.microgpt.text.Sampler;
import dev.microgpt.text.Tokenizer;
import dev.microgpt.transformer.Engine;
import dev.microgpt.transformer.Gpt;
import dev.microgpt.transformer.GptTrace;
import dev.microgpt.transformer.Preset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Stage 5: Adam's averages, one real update, two words side by side, and generation. */
final class AdamPage {
    private static final int UPDATES = 60; // of one weight that are drawn
    private static final int SAMPLES = 12;
    private static final double EPSILON = 1e-8;

    private final Classroom classroom;

    AdamPage(Classroom classroom) {
        this.classroom = classroom;
    }

    void register(Api api) {
        api.answer("adam/averages", this::averages);
        api.answer("adam/update", this::update);
        api.answer("adam/losses", this::losses);
        api.answer("adam/next", this::next);
        api.answer("adam/generate", this::generate);
    }

    /** One weight over {@value #UPDATES} updates with learning rate 0.01: its gradients, and what the optimizers do. */
    record Averages(
            double[] gradient,
            double[] m,
            double[] v,
            double[] mHat,
            double[] rootVHat, // √v̂
            double[] adam, // change of the weight at each update
            double[] sgd)
            implements JsonObject {
        @Override
        public Map<String, Object> fields() {
            return Json.fields("gradient m v mHat rootVHat adam sgd", gradient, m, v, mHat, rootVHat, adam, sgd);
        }
    }

    private Averages averages(Question question) {
        Adam adam = new Adam(question.number("beta1", 0, 0.999), question.number("beta2", 0, 0.9999), EPSILON);
        double[] gradient = gradients(question.text("gradients", 20));
        double learningRate = Preset.STAGE5.learningRate(1).peak();
        Parameters weight = Parameters.builder().tensor("w", 1, 1).build();
        Parameters plain = weight.zeros();
        Parameters g = weight.zeros();
        Moments moments = adam.start(weight);
        Moments count = new Sgd().start(plain);
        double[][] rows = new double[6][UPDATES];
        for (int t = 0; t < UPDATES; t++) {
            g.set("w", 0, 0, gradient[t]);
            double before = weight.get("w", 0, 0);
            double plainBefore = plain.get("w", 0, 0);
            adam.update(weight, g, moments, learningRate);
            new Sgd().update(plain, g, count, learningRate);
            double m = moments.first().orElseThrow().values()[0];
            double v = moments.second().orElseThrow().values()[0];
            rows[0][t] = m;
            rows[1][t] = v;
            rows[2][t] = m / (1 - Math.pow(adam.beta1(), t + 1));
            rows[3][t] = Math.sqrt(v / (1 - Math.pow(adam.beta2(), t + 1)));
            rows[4][t] = weight.get("w", 0, 0) - before;
            rows[5][t] = plain.get("w", 0, 0) - plainBefore;
        }
        return new Averages(gradient, rows[0], rows[1], rows[2], rows[3], rows[4], rows[5]);
    }

    private double[] gradients(String kind) {
        PythonRandom random = new PythonRandom(Classroom.SEED);
        return switch (kind) {
            case "steady" -> IntStream.range(0, UPDATES).mapToDouble(t -> 0.5).toArray();
            case "alternating" ->
                IntStream.range(0, UPDATES)
                        .mapToDouble(t -> t % 2 == 0 ? 0.5 : -0.5)
                        .toArray();
            case "noisy" ->
                IntStream.range(0, UPDATES)
                        .mapToDouble(t -> 0.2 + 0.4 * random.nextGaussian())
                        .toArray();
            case "spike" ->
                IntStream.range(0, UPDATES).mapToDouble(t -> t == 20 ? 5 : 0.1).toArray();
            case "real" -> realGradients();
            default ->
                throw new IllegalArgumentException(
                        "gradients " + kind + " is not one of steady, alternating, noisy, spike, real");
        };
    }

    /** The gradients of lm_head[BOS][0] in the first steps of stage 5. */
    private double[] realGradients() {
        int bos = classroom.tokenizer().bos();
        Engine engine = Engine.of(Engine.Kind.ARRAY, classroom.gpt(5, 0), Preset.STAGE5.optimizer());
        double[] gradients = new double[UPDATES];
        for (int step = 0; step < UPDATES; step++) {
            engine.lossAndGradient(classroom.tokensAtStep(step));
            gradients[step] = engine.gradient().get("lm_head", bos, 0);
            engine.update(Preset.STAGE5.learningRate(Run.STEPS).at(step));
        }
        return gradients;
    }

    /** One update with fresh buffers, at step 0; {@code tensors} are those one can choose a parameter of. */
    record Update(
            List<String> tokens,
            double[] probabilities, // of the tokens that came
            double loss,
            List<Tensor> tensors,
            String tensor,
            int row,
            int column,
            double gradient,
            double m,
            double v,
            double mHat,
            double vHat,
            double learningRate,
            double delta,
            double before,
            double after,
            double lossAfter)
            implements JsonObject {
        @Override
        public Map<String, Object> fields() {
            return Json.fields(
                    "tokens probabilities loss tensors tensor row column gradient m v mHat vHat learningRate delta before after lossAfter",
                    tokens,
                    probabilities,
                    loss,
                    tensors,
                    tensor,
                    row,
                    column,
                    gradient,
                    m,
                    v,
                    mHat,
                    vHat,
                    learningRate,
                    delta,
                    before,
                    after,
                    lossAfter);
        }
    }

    record Tensor(String name, int rows, int columns) implements JsonObject {
        @Override
        public Map<String, Object> fields() {
            return Json.fields("name rows columns", name, rows, columns);
        }

        static List<Tensor> of(Parameters parameters) {
            return parameters.tensors().stream()
                    .map(tensor -> new Tensor(tensor.name(), tensor.rows(), tensor.columns()))
                    .toList();
        }
    }

    /** The model is not touched: engine and parameters are copies that are dropped. */
    Update update(Question question) {
        Gpt model = classroom.gpt(5, question.integer("steps", 0, Run.STEPS));
        int[] tokens = classroom.tokenizer().encodeDocument(classroom.word(question, "word"));
        Adam adam = (Adam) Preset.STAGE5.optimizer();
        double learningRate = Preset.STAGE5.learningRate(Run.STEPS).at(0);

        Engine engine = Engine.of(Engine.Kind.ARRAY, model, adam);
        double loss = engine.lossAndGradient(tokens);
        Parameters gradient = engine.gradient();
        Parameters before = model.parameters();
        engine.update(learningRate);
        Parameters after = engine.model().parameters();

        Weight place = question.text("tensor", 40).isEmpty() ? mostActive(model, tokens) : Weight.of(question);
        double m = place.in(engine.moments().first().orElseThrow());
        double v = place.in(engine.moments().second().orElseThrow());
        return new Update(
                classroom.symbols(tokens),
                Arrays.stream(model.losses(tokens)).map(l -> Math.exp(-l)).toArray(),
                loss,
                Tensor.of(before),
                place.tensor(),
                place.row(),
                place.column(),
                place.in(gradient),
                m,
                v,
                m / (1 - adam.beta1()),
                v / (1 - adam.beta2()),
                learningRate,
                place.in(after) - place.in(before),
                place.in(before),
                place.in(after),
                engine.model().loss(tokens));
    }

    /** The weight between the last target and the largest |final hidden value| at the last position. */
    private static Weight mostActive(Gpt model, int... tokens) {
        int positions = Math.min(model.blockSize(), tokens.length - 1);
        List<GptTrace.Position> seen =
                model.trace(Arrays.copyOf(tokens, positions)).positions();
        double[] hidden = seen.get(positions - 1).output();
        int largest = 0;
        for (int j = 1; j < hidden.length; j++) {
            if (Math.abs(hidden[j]) > Math.abs(hidden[largest])) {
                largest = j;
            }
        }
        return new Weight("lm_head", tokens[positions], largest);
    }

    record Losses(List<String> tokens, double[] losses, double loss, boolean inList) implements JsonObject {
        @Override
        public Map<String, Object> fields() {
            return Json.fields("tokens losses loss inList", tokens, losses, loss, inList);
        }
    }

    private Losses losses(Question question) {
        Gpt model = classroom.gpt(5, question.integer("steps", 0, Run.STEPS));
        String word = classroom.word(question, "word");
        int[] tokens = classroom.tokenizer().encodeDocument(word);
        return new Losses(
                classroom.symbols(tokens),
                model.losses(tokens),
                model.loss(tokens),
                classroom.list().contains(word));
    }

    /** The distribution after a prefix; {@code order}: the ids from the largest logit to the smallest. */
    record Next(List<String> symbols, int[] order, double[] logits, double[] probabilities) implements JsonObject {
        @Override
        public Map<String, Object> fields() {
            return Json.fields("symbols order logits probabilities", symbols, order, logits, probabilities);
        }
    }

    private Next next(Question question) {
        Gpt model = classroom.gpt(5, question.integer("steps", 0, Run.STEPS));
        int[] prefix = classroom.tokenizer().encode(classroom.word(question, "prefix"));
        Context context = model.newContext();
        double[] logits = context.next(classroom.tokenizer().bos());
        if (prefix.length + 1 > model.blockSize()) {
            throw new IllegalArgumentException("prefix has " + prefix.length
                    + " characters; with BOS in front it does not fit into blockSize " + model.blockSize());
        }
        for (int token : prefix) {
            logits = context.next(token);
        }
        return next(logits.clone(), temperature(question));
    }

    private Next next(double[] logits, double temperature) {
        int[] order = IntStream.range(0, logits.length)
                .boxed()
                .sorted(Comparator.comparingDouble(id -> -logits[id]))
                .mapToInt(Integer::intValue)
                .toArray();
        return new Next(classroom.symbols(), order, logits, new Sampler(temperature, 1).probabilities(logits));
    }

    /** One text, drawn step by step, and {@code more} of them, all with the same generator. */
    record Generated(List<Draw> draws, String text, List<Sample> more) implements JsonObject {
        @Override
        public Map<String, Object> fields() {
            return Json.fields("draws text more", draws, text, more);
        }
    }

    /** {@code attention[h][t]}: where head h of the last layer looks while this token is drawn. */
    record Draw(String read, String drawn, Next next, double[][] attention) implements JsonObject {
        @Override
        public Map<String, Object> fields() {
            return Json.fields("read drawn next attention", read, drawn, next, attention);
        }
    }

    private Generated generate(Question question) {
        Gpt model = classroom.gpt(5, question.integer("steps", 0, Run.STEPS));
        Tokenizer tokenizer = classroom.tokenizer();
        Sampler sampler = new Sampler(temperature(question), model.blockSize());
        PythonRandom random = new PythonRandom(question.integer("seed", 0, Integer.MAX_VALUE));

        int[] text = sampler.sample(model, random);
        int steps = Math.min(text.length + 1, model.blockSize());
        int[] read = new int[steps];
        read[0] = tokenizer.bos();
        System.arraycopy(text, 0, read, 1, steps - 1);
        List<Draw> draws = new ArrayList<>();
        for (GptTrace.Position position : model.trace(read).positions()) {
            int drawn = draws.size() < text.length ? text[draws.size()] : tokenizer.bos();
            List<GptTrace.Layer> layers = position.layers();
            draws.add(new Draw(
                    classroom.symbol(position.tokenId()),
                    classroom.symbol(drawn),
                    next(position.logits(), sampler.temperature()),
                    layers.get(layers.size() - 1).heads().stream()
                            .map(GptTrace.Head::weights)
                            .toArray(double[][]::new)));
        }
        List<String> more = Stream.generate(() -> tokenizer.decode(sampler.sample(model, random)))
                .limit(SAMPLES)
                .toList();
        return new Generated(draws, tokenizer.decode(text), Sample.of(more, classroom.list()));
    }

    private static double temperature(Question question) {
        return question.number("temperature", 0.1, 1.2);
    }
}
