package dev.microgpt.playground;

import dev.microgpt.bigram.Bigram;
import dev.microgpt.text.PythonRandom;
import dev.microgpt.text.Sampler;
import dev.microgpt.text.Tokenizer;
import java.util.ArrayList;
import java.util.List;

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

    /** The whole run: the document and the loss of every step, and what a model at chance pays. */
    record Losses(List<String> documents, double[] losses, double chance, int bos) {}

    private Losses run() {
        Training<Bigram> training = Training.counting(classroom);
        List<String> documents = new ArrayList<>();
        double[] losses = new double[Run.STEPS];
        for (int step = 0; step < losses.length; step++) {
            documents.add(classroom.documents().atStep(step));
            losses[step] = training.step();
        }
        return new Losses(
                documents,
                losses,
                Math.log(classroom.tokenizer().vocabSize()),
                classroom.tokenizer().bos());
    }

    /** {@code counts[i][j]}: how often token j followed token i. {@code next}: the tokens of the next name. */
    record Table(List<String> symbols, int[][] counts, String document, int[] next) {}

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
        return new Table(
                classroom.symbols(), counts, classroom.documents().atStep(names), classroom.tokensAtStep(names));
    }

    record Word(List<Pair> pairs, double loss) {}

    /** One prediction: {@code count} of the {@code total} tokens that followed {@code from} were {@code to}. */
    record Pair(String from, String to, int count, int total, double probability, double loss) {}

    private Word word(Question question) {
        Bigram model = classroom.bigram(names(question));
        int[] tokens = classroom.tokenizer().encodeDocument(question.text("word", Limits.WORD));
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
        return new Word(pairs, model.loss(tokens));
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

    record Sample(String text, boolean inList) {}

    private List<Sample> samples(Question question) {
        Bigram model = classroom.bigram(names(question));
        PythonRandom random = new PythonRandom(question.integer("seed", 0, Integer.MAX_VALUE));
        Tokenizer tokenizer = classroom.tokenizer();
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < SAMPLES; i++) {
            String text = tokenizer.decode(SAMPLER.sample(model, random));
            samples.add(new Sample(text, classroom.isInList(text)));
        }
        return samples;
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
