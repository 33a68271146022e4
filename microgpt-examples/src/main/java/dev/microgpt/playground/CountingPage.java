package dev.microgpt.playground;

import dev.microgpt.bigram.Bigram;
import dev.microgpt.text.Documents;
import dev.microgpt.text.PythonRandom;
import dev.microgpt.text.Sampler;
import dev.microgpt.text.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Stage 0: the table of counts, filled name by name. */
final class CountingPage {
    private static final Sampler SAMPLER = new Sampler(1, 16); // of the stage's program
    private static final int SAMPLES = 20;

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
    }

    /** The whole run: the loss of every step, and what a model at chance pays. */
    record Losses(List<String> symbols, double[] losses, double chance, int bos) {}

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
    record Table(List<String> symbols, int[][] counts, List<Word> last, String next) {}

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

    record Word(String text, List<Pair> pairs, double loss) {}

    /** One prediction: {@code count} of the {@code total} tokens that followed {@code from} were {@code to}. */
    record Pair(String from, String to, int count, int total, double probability, double loss) {}

    private Word word(Question question) {
        return word(classroom.bigram(names(question)), question.text("word", Limits.WORD));
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

    record Next(String token, int total, List<String> symbols, int[] counts, double[] probabilities) {}

    private Next next(Question question) {
        Bigram model = classroom.bigram(names(question));
        int token = question.integer("token", 0, model.vocabSize() - 1);
        int[] counts = new int[model.vocabSize()];
        double[] probabilities = new double[model.vocabSize()];
        for (int next = 0; next < counts.length; next++) {
            counts[next] = model.count(token, next);
            probabilities[next] = model.probability(token, next);
        }
        return new Next(classroom.symbol(token), total(model, token), classroom.symbols(), counts, probabilities);
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
        return question.integer("names", 0, Limits.STEPS);
    }

    private static int total(Bigram model, int token) {
        int total = 0;
        for (int next = 0; next < model.vocabSize(); next++) {
            total += model.count(token, next);
        }
        return total;
    }
}
