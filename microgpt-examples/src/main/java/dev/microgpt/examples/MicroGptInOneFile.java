package dev.microgpt.examples; // with Java 22 or later, delete this line if the file is in no folder of that name

import java.io.*;
import java.util.*;
import java.util.function.IntFunction;
import java.util.stream.*;

/**
 * microgpt in one file: a GPT that learns from a list of names and then invents new ones, with nothing but the JDK.
 *
 * <p>Run with {@code java MicroGptInOneFile.java names.txt}, where the file has one name a line; without a file it
 * learns the given names of this project. You should see the loss fall from about 3.3 to about 2.3, then twenty names.
 *
 * <p>Read from top to bottom: data, training, inference, the network, and at the end the two tools that all of it
 * stands on, numbers that find their own derivatives and random numbers. The stages explain it, one idea at a time.
 */
public final class MicroGptInOneFile {
    private static final int LAYERS = 1; // blocks of attention and perceptron, one after the other
    private static final int EMBED_DIM = 16; // how many numbers stand for a token inside the network
    private static final int BLOCK_SIZE = 16; // how many positions the network can see
    private static final int HEADS = 4, HEAD_DIM = EMBED_DIM / HEADS; // ways of looking back; each compares 4 numbers
    private static final String BOS = "\uDBFF\uDFFF"; // "beginning of sequence" stands before each name and after it

    private final PythonRandom random = new PythonRandom(42);
    private final List<String> names; // in random order
    private final int[] characters; // all that occur, sorted, BOS last; the place of a character in here is its token
    private final Map<String, Value[][]> weights = new LinkedHashMap<>(); // what training changes, as matrices
    final List<Value> parameters; // the same, one by one
    // What attention looks back at: of each layer and position so far a vector
    private final Value[][][] keys = new Value[LAYERS][BLOCK_SIZE][], values = new Value[LAYERS][BLOCK_SIZE][];

    /** Data, and an untrained network: its weights are small random numbers. */
    MicroGptInOneFile(List<String> list) {
        names = new ArrayList<>(list);
        random.shuffle(names);
        characters = (String.join("", names) + BOS).codePoints().distinct().sorted().toArray();
        weights.put("wte", matrix(characters.length, EMBED_DIM)); // token embeddings: a row of numbers for each token
        weights.put("wpe", matrix(BLOCK_SIZE, EMBED_DIM)); // position embeddings: a row for each position
        weights.put("lm_head", matrix(characters.length, EMBED_DIM)); // makes a score for each token
        for (int layer = 0; layer < LAYERS; layer++) {
            for (String name : List.of(".attn_wq", ".attn_wk", ".attn_wv", ".attn_wo"))
                weights.put("layer" + layer + name, matrix(EMBED_DIM, EMBED_DIM));
            weights.put("layer" + layer + ".mlp_fc1", matrix(4 * EMBED_DIM, EMBED_DIM));
            weights.put("layer" + layer + ".mlp_fc2", matrix(EMBED_DIM, 4 * EMBED_DIM));
        }
        parameters = weights.values().stream().flatMap(Arrays::stream).flatMap(Arrays::stream).toList();
    }

    private Value[][] matrix(int rows, int n) {
        return Stream.generate(() -> each(n, j -> new Value(random.gauss(0.08)))).limit(rows).toArray(Value[][]::new);
    }

    /**
     * Trains on 1,000 names, then invents twenty.
     *
     * @param args a file with one name a line, or nothing
     * @throws IOException if the file cannot be read
     */
    public static void main(String... args) throws IOException {
        MicroGptInOneFile gpt = new MicroGptInOneFile(read(args));
        gpt.train(1000);
        System.out.println("\n--- inference (new, hallucinated names) ---");
        for (int i = 1; i <= 20; i++) System.out.printf(Locale.ROOT, "sample %2d: %s%n", i, gpt.invent());
    }

    /** The lines of a file, or the given names of this project: from the class path, or the source tree around here. */
    private static List<String> read(String... args) throws IOException {
        String list = "/dev/microgpt/text/given-names.txt";
        InputStream in = args.length == 0 ? PythonRandom.class.getResourceAsStream(list) : new FileInputStream(args[0]);
        for (File dir = new File("").getAbsoluteFile(); in == null && dir != null; dir = dir.getParentFile()) {
            File file = new File(dir, "microgpt-bigram/src/main/resources" + list);
            if (file.exists()) in = new FileInputStream(file);
        }
        if (in == null) throw new FileNotFoundException("give a list: java MicroGptInOneFile.java names.txt");
        return new String(in.readAllBytes(), "UTF-8").lines().map(String::strip).filter(s -> !s.isEmpty()).toList();
    }

    /** Training: predict each next token of a name, see how wrong that was, change every weight a little. */
    double[] train(int steps) {
        double[] losses = new double[steps];
        double[] m = new double[parameters.size()], v = m.clone(); // lately: each weight's gradient, and its square
        System.out.printf("num docs: %s%nvocab size: %s%nnum params: %s%n", names.size(), characters.length, m.length);
        for (int step = 0; step < steps; step++) {
            String name = BOS + names.get(step % names.size()) + BOS;
            int[] tokens = name.codePoints().map(c -> Arrays.binarySearch(characters, c)).toArray();

            // Forward: the loss is the mean of -log p, with p the probability that the network gave to the next token
            int n = Math.min(BLOCK_SIZE, tokens.length - 1);
            Value loss = new Value(0);
            for (int t = 0; t < n; t++) {
                Value[] probabilities = softmax(scores(tokens[t], t));
                loss = loss.add(probabilities[tokens[t + 1]].log().mul(-1.0 / n));
            }

            // Backward: the gradient of each weight says how the loss changes when the weight grows
            loss.backward();

            // Adam: each weight takes a step against its gradient, the shorter the later in training
            double learningRate = 0.01 * (1 - (double) step / steps);
            for (int i = 0; i < m.length; i++) {
                Value weight = parameters.get(i);
                m[i] = 0.85 * m[i] + 0.15 * weight.grad;
                v[i] = 0.99 * v[i] + 0.01 * weight.grad * weight.grad;
                double mHat = m[i] / (1 - Math.pow(0.85, step + 1)); // m and v begin at 0, which is too low:
                double vHat = v[i] / (1 - Math.pow(0.99, step + 1)); // this makes up for it
                weight.data -= learningRate * mHat / (Math.sqrt(vHat) + 1e-8);
                weight.grad = 0;
            }
            losses[step] = loss.data;
            System.out.printf(Locale.ROOT, "step %4d / %4d | loss %.4f%n", step + 1, steps, loss.data);
        }
        return losses;
    }

    /** Inference: draw a token from what the network expects, let the network read it, until BOS is drawn. */
    String invent() {
        StringBuilder name = new StringBuilder();
        int bos = characters.length - 1;
        for (int position = 0, token = bos; position < BLOCK_SIZE; position++) {
            Value[] scores = scores(token, position);
            // Divided by a temperature, here 0.5: the lower it is, the more common the names
            token = random.choice(softmax(each(scores.length, i -> scores[i].mul(1 / 0.5))));
            if (token == bos) break;
            name.appendCodePoint(characters[token]);
        }
        return name.toString();
    }

    /** The network: for a token at a position, a score for each token that may come next. */
    private Value[] scores(int token, int position) {
        Value[] x = rmsNorm(add(weights.get("wte")[token], weights.get("wpe")[position]));
        for (int layer = 0; layer < LAYERS; layer++) {
            x = add(x, attention(rmsNorm(x), position, layer)); // adds to what is there
            Value[] hidden = linear(rmsNorm(x), weights.get("layer" + layer + ".mlp_fc1")); // the perceptron adds, too
            x = add(x, linear(each(hidden.length, i -> hidden[i].relu()), weights.get("layer" + layer + ".mlp_fc2")));
        }
        return linear(x, weights.get("lm_head"));
    }

    /** Attention: a position asks (query), each one up to it answers (key) and hands over what it has (value). */
    private Value[] attention(Value[] x, int position, int layer) {
        Value[] query = linear(x, weights.get("layer" + layer + ".attn_wq"));
        keys[layer][position] = linear(x, weights.get("layer" + layer + ".attn_wk"));
        values[layer][position] = linear(x, weights.get("layer" + layer + ".attn_wv"));
        Value[][] shares = new Value[HEADS][]; // how much each head takes from each position
        for (int head = 0; head < HEADS; head++) {
            int from = head * HEAD_DIM; // a head compares a slice of query and keys
            Value[] fits = each(position + 1, t -> sum(HEAD_DIM, j -> query[from + j].mul(keys[layer][t][from + j])));
            shares[head] = softmax(each(position + 1, t -> fits[t].mul(1 / Math.sqrt(HEAD_DIM))));
        }
        Value[] mix = each(EMBED_DIM, j -> sum(position + 1, t -> shares[j / HEAD_DIM][t].mul(values[layer][t][j])));
        return linear(mix, weights.get("layer" + layer + ".attn_wo"));
    }

    // What a network is made of: vectors, sums, and four functions of them

    static Value[] each(int n, IntFunction<Value> f) { return IntStream.range(0, n).mapToObj(f).toArray(Value[]::new); }
    static Value sum(int n, IntFunction<Value> f) { return IntStream.range(0, n).mapToObj(f).reduce(Value::add).get(); }
    static Value[] add(Value[] x, Value[] y) { return each(x.length, i -> x[i].add(y[i])); }

    /** A matrix times a vector: each row gives one number. */
    static Value[] linear(Value[] x, Value[][] w) { return each(w.length, i -> sum(x.length, j -> w[i][j].mul(x[j]))); }

    /** Brings numbers to a common size: then their mean square is 1. */
    static Value[] rmsNorm(Value[] x) {
        Value scale = sum(x.length, i -> x[i].mul(x[i])).mul(1.0 / x.length).add(new Value(1e-5)).pow(-0.5);
        return each(x.length, i -> x[i].mul(scale));
    }

    /** Turns scores into probabilities: e^score, divided by the sum of all. Less the largest, or it may overflow. */
    static Value[] softmax(Value[] scores) {
        double largest = Arrays.stream(scores).mapToDouble(score -> score.data).max().orElseThrow();
        Value[] exps = each(scores.length, i -> scores[i].add(new Value(-largest)).exp());
        Value oneOverSum = sum(scores.length, i -> exps[i]).pow(-1);
        return each(scores.length, i -> exps[i].mul(oneOverSum));
    }

    /** Autograd: a number that knows what it was computed from. */
    static final class Value {
        double data, grad; // the number itself; after backward, how fast the loss grows with it: its gradient
        private final Value a, b; // its operands: what it was computed from; null if there is none
        private final double da, db; // how fast it grows with each of them: the local gradients
        private boolean seen; // by backward

        Value(double data) { this(data, null, 0, null, 0); }
        Value(double d, Value x, double dx, Value y, double dy) { data = d; a = x; da = dx; b = y; db = dy; }

        Value add(Value x) { return new Value(data + x.data, this, 1, x, 1); }
        Value mul(Value x) { return new Value(data * x.data, this, x.data, x, data); }
        Value mul(double k) { return new Value(data * k, this, k, null, 0); }
        Value pow(double k) { return new Value(Math.pow(data, k), this, k * Math.pow(data, k - 1), null, 0); }
        Value log() { return new Value(Math.log(data), this, 1 / data, null, 0); }
        Value exp() { return new Value(Math.exp(data), this, Math.exp(data), null, 0); }
        Value relu() { return new Value(Math.max(data, 0), this, data > 0 ? 1 : 0, null, 0); }

        /** The chain rule, from the loss back to the weights: each number hands its gradient on to its operands. */
        void backward() {
            List<Value> order = new ArrayList<>();
            sort(order);
            grad = 1;
            for (int i = order.size() - 1; i >= 0; i--) {
                Value result = order.get(i);
                if (result.a != null) result.a.grad += result.da * result.grad;
                if (result.b != null) result.b.grad += result.db * result.grad;
                result.seen = false;
            }
        }

        /** Operands before their results: from the end on, a gradient is complete when it is handed on. */
        private void sort(List<Value> order) {
            seen = true;
            if (a != null && !a.seen) a.sort(order);
            if (b != null && !b.seen) b.sort(order);
            order.add(this);
        }
    }

    /** The random numbers of CPython (MT19937, a Mersenne Twister), so that the names are those of microgpt.py. */
    static final class PythonRandom {
        private final int[] words = new int[624];
        private int at, draws; // the word that comes next; how many normal draws there were
        private double angle, radius; // of the last pair of them

        PythonRandom(int seed) {
            words[0] = 19650218;
            for (int i = 1; i < 624; i++) words[i] = 1812433253 * (words[i - 1] ^ words[i - 1] >>> 30) + i;
            for (int k = 0, i = 1; k < 624 + 623; k++, i = 1 + k % 623) {
                if (i == 1 && k > 0) words[0] = words[623];
                words[i] ^= (words[i - 1] ^ words[i - 1] >>> 30) * (k < 624 ? 1664525 : 1566083941);
                words[i] += k < 624 ? seed : -i;
            }
            words[0] = 0x80000000;
        }

        /** 32 random bits. */
        private int word() {
            int y = words[at] & 0x80000000 | words[(at + 1) % 624] & 0x7fffffff;
            y = words[at] = words[(at + 397) % 624] ^ y >>> 1 ^ -(y & 1) & 0x9908b0df;
            at = (at + 1) % 624; y ^= y >>> 11; y ^= y << 7 & 0x9d2c5680; y ^= y << 15 & 0xefc60000;
            return y ^ y >>> 18;
        }

        /** A number in [0, 1). */
        private double random() { return (((long) (word() >>> 5) << 26) + (word() >>> 6)) * 0x1p-53; }

        void shuffle(List<?> list) {
            for (int i = list.size() - 1; i > 0; i--) {
                int j = Integer.MAX_VALUE;
                while (j > i) j = word() >>> Integer.numberOfLeadingZeros(i + 1);
                Collections.swap(list, i, j);
            }
        }

        /** A draw from the normal distribution. They come in pairs: a point in the plane has two coordinates. */
        double gauss(double deviation) {
            if (draws % 2 == 0) angle = 2 * Math.PI * random();
            if (draws % 2 == 0) radius = Math.sqrt(-2 * Math.log(1 - random()));
            return (draws++ % 2 == 0 ? Math.cos(angle) : Math.sin(angle)) * radius * deviation;
        }

        /** A token, drawn with the probability that it has. */
        int choice(Value[] probabilities) {
            double[] sums = new double[probabilities.length]; // of the probabilities up to a token
            for (int i = 0; i < sums.length; i++) sums[i] = probabilities[i].data + (i == 0 ? 0 : sums[i - 1]);
            double draw = random() * sums[sums.length - 1];
            return IntStream.range(0, sums.length - 1).filter(i -> draw < sums[i]).findFirst().orElse(sums.length - 1);
        }
    }
}
