package dev.microgpt.playground;

import dev.microgpt.bigram.Bigram;
import dev.microgpt.text.Documents;
import dev.microgpt.text.PythonRandom;
import dev.microgpt.text.Sampler;
import dev.microgpt.text.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Stage 0: the table of counts, filled name by name. */
final class CountingPage {
    static final Sampler SAMPLER = new Sampler(1, 16); // of the stage's program
    private static final int SAMPLES = 20;
    private static final int LARGEST_BLOCK = 100; // names

    private final Classroom classroom;

    CountingPage(Classroom classroom) {
        this.classroom = classroom;
    }

    void register(Api api) {
        api.answer("counting/run", question -> run());
        api.answer("counting/table", this::table);
        api.answer("counting/word", this::word);
        api.answer("counting/next", this::next);
        api.answer("counting/samples", this::samples);
        api.answer("counting/block", this::block);
    }

    /** The whole run: the loss of every step, and what a model at chance pays. */
    record Losses(List<String> symbols, double[] losses, double chance, int bos) implements JsonObject {
        @Override
        public Map<String, Object> fields() {
            return Json.fields("symbols losses chance bos", symbols, losses, chance, bos);
        }
    }

    private Losses run() {
        Training<Bigram> training = Training.counting(classroom);
        double[] losses = new double[Run.STEPS];
        for (int step = 0; step < losses.length; step++) {
            losses[step] = training.step();
        }
        return new Losses(
                classroom.symbols(),
                losses,
                Math.log(classroom.tokenizer().vocabSize()),
                classroom.tokenizer().bos());
    }

    /**
     * {@code counts[i][j]}: how often token j followed token i. {@code last}: the name that was read last and what it cost
     * before it was counted, empty if none was read; {@code next}: the one to be read next.
     */
    record Table(List<String> symbols, int[][] counts, List<Word> last, String next) implements JsonObject {
        @Override
        public Map<String, Object> fields() {
            return Json.fields("symbols counts last next", symbols, counts, last, next);
        }
    }

    private Table table(Question question) {
        int names = names(question);
        Bigram model = classroom.bigram(names);
        int size = model.vocabSize();
        int[][] counts = new int[size][size];
        for (int i = 0; i < size; i++) {
            for (int j = 0; j < size; j++) {
                counts[i][j] = model.count(i, j);
            }
        }
        Documents documents = classroom.documents();
        List<Word> last =
                names == 0 ? List.of() : List.of(word(classroom.bigram(names - 1), documents.atStep(names - 1)));
        return new Table(classroom.symbols(), counts, last, documents.atStep(names));
    }

    record Word(String text, List<Pair> pairs, double loss) implements JsonObject {
        @Override
        public Map<String, Object> fields() {
            return Json.fields("text pairs loss", text, pairs, loss);
        }
    }

    /** One prediction: {@code count} of the {@code total} tokens that followed {@code from} were {@code to}. */
    record Pair(String from, String to, int count, int total, double probability, double loss) implements JsonObject {
        @Override
        public Map<String, Object> fields() {
            return Json.fields("from to count total probability loss", from, to, count, total, probability, loss);
        }
    }

    private Word word(Question question) {
        return word(classroom.bigram(names(question)), classroom.word(question, "word"));
    }

    private Word word(Bigram model, String text) {
        int[] tokens = classroom.tokenizer().encodeDocument(text);
        double[] losses = model.losses(tokens);
        List<Pair> pairs = new ArrayList<>();
        for (int t = 0; t < losses.length; t++) {
            int from = tokens[t];
            int to = tokens[t + 1];
            pairs.add(new Pair(
                    classroom.symbol(from),
                    classroom.symbol(to),
                    model.count(from, to),
                    total(model, from),
                    model.probability(from, to),
                    losses[t]));
        }
        return new Word(text, pairs, model.loss(tokens));
    }

    record Next(String token, int total, List<String> symbols, int[] counts, double[] probabilities)
            implements JsonObject {
        @Override
        public Map<String, Object> fields() {
            return Json.fields(
                    "token total symbols counts probabilities", token, total, symbols, counts, probabilities);
        }
    }

    private Next next(Question question) {
        Bigram model = classroom.bigram(names(question));
        return next(model, question.integer("token", 0, model.vocabSize() - 1));
    }

    private Next next(Bigram model, int token) {
        int[] counts = new int[model.vocabSize()];
        double[] probabilities = new double[model.vocabSize()];
        for (int next = 0; next < counts.length; next++) {
            counts[next] = model.count(token, next);
            probabilities[next] = model.probability(token, next);
        }
        return new Next(classroom.symbol(token), total(model, token), classroom.symbols(), counts, probabilities);
    }

    /** What reading some names changes, one after the other. */
    record Block(List<Read> names) implements JsonObject {
        @Override
        public Map<String, Object> fields() {
            return Json.fields("names", names);
        }
    }

    /**
     * A name that was read: {@code last}, what it cost before it was counted, and the name after it; then the visitor's word and what
     * comes after the token looked at, with the name counted.
     */
    record Read(Word last, String next, Word word, Next after) implements JsonObject {
        @Override
        public Map<String, Object> fields() {
            return Json.fields("last next word after", last, next, word, after);
        }
    }

    private Block block(Question question) {
        int from = names(question, "from");
        int to = question.integer("to", from, Math.min(Limits.STEPS, from + LARGEST_BLOCK));
        String word = classroom.word(question, "word");
        Bigram model = classroom.bigram(from);
        int token = question.integer("token", 0, model.vocabSize() - 1);
        List<Read> names = new ArrayList<>();
        for (int step = from; step < to; step++) {
            Word last = word(model, classroom.documents().atStep(step));
            model.learn(classroom.tokensAtStep(step));
            names.add(new Read(last, classroom.documents().atStep(step + 1), word(model, word), next(model, token)));
        }
        return new Block(names);
    }

    private List<Sample> samples(Question question) {
        Bigram model = classroom.bigram(names(question));
        PythonRandom random = new PythonRandom(question.integer("seed", 0, Integer.MAX_VALUE));
        Tokenizer tokenizer = classroom.tokenizer();
        List<String> texts = Stream.generate(() -> tokenizer.decode(SAMPLER.sample(model, random)))
                .limit(SAMPLES)
                .toList();
        return Sample.of(texts, classroom.list());
    }

    private static int names(Question question) {
        return names(question, "names");
    }

    private static int names(Question question, String name) {
        return question.integer(name, 0, Limits.STEPS);
    }

    private static int total(Bigram model, int token) {
        int total = 0;
        for (int next = 0; next < model.vocabSize(); next++) {
            total += model.count(token, next);
        }
        return total;
    }
}
