package dev.microgpt.playground;

import dev.microgpt.ExhaustedException;
import dev.microgpt.GenerationOptions;
import dev.microgpt.InvalidModelException;
import dev.microgpt.MicroGpt;
import dev.microgpt.Trainer;
import dev.microgpt.TrainingOptions;
import dev.microgpt.bigram.Bigram;
import dev.microgpt.evaluation.Report;
import dev.microgpt.evaluation.Report.HeldOutLoss;
import dev.microgpt.evaluation.Score;
import dev.microgpt.frame.Spelling;
import dev.microgpt.optim.LearningRate;
import dev.microgpt.text.Documents;
import dev.microgpt.text.PythonRandom;
import dev.microgpt.text.Tokenizer;
import dev.microgpt.transformer.GptConfig;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * Train your own: a list, settings that fit it, a training to watch, and what the model that came of it can do. The training
 * and its model have one name, which only the page that began the training is told.
 */
final class OwnPage {
    private static final int SHOWN = 20; // samples of the finished model
    private static final double NONE = -1; // a loss that there is not

    private final Classroom classroom;
    private final Map<String, Trainer> running = new ConcurrentHashMap<>();
    private final Shelf<Trained> trained = new Shelf<>(Limits.MODELS, Duration.ofMinutes(Limits.MODEL_MINUTES));

    OwnPage(Classroom classroom) {
        this.classroom = classroom;
    }

    void register(Api api) {
        api.answer("own/example", question -> example());
        api.answer("own/settings", question -> settings(list(question)));
        api.stream("own/train", this::train);
        api.answer("own/stop", this::stop);
        api.answer("own/generate", this::generate);
        api.answer("own/score", this::score);
        api.answer("own/file", this::file);
        api.answer("own/load", this::load);
    }

    /** A model, and what it learned from. */
    record Trained(MicroGpt model, Predicate<String> list) {
        List<Sample> samples(List<String> texts) {
            return texts.stream().map(text -> new Sample(text, list.test(text))).toList();
        }

        /** What was typed, as it is written in the list. */
        String read(String typed) {
            return new Spelling(model.tokenizer()).read(typed);
        }
    }

    record Example(String list) implements JsonObject {
        @Override
        public Map<String, Object> fields() {
            return Json.fields("list", list);
        }
    }

    /** The list of the playground, as much of it as may be pasted. */
    private Example example() {
        StringBuilder list = new StringBuilder();
        for (String document : classroom.given()) {
            if (list.length() + document.length() >= Limits.OWN_LIST) {
                break;
            }
            list.append(document).append('\n');
        }
        return new Example(list.toString());
    }

    private static Documents list(Question question) {
        Documents list =
                Documents.of(question.text("list", Limits.OWN_LIST).lines().toList());
        int vocabSize = Tokenizer.of(list).vocabSize();
        if (vocabSize > Limits.OWN_VOCABULARY) {
            throw new IllegalArgumentException(
                    "list has " + (vocabSize - 1) + " different characters, more than " + (Limits.OWN_VOCABULARY - 1));
        }
        return list;
    }

    /** What fits a list; {@code heldOut} of the {@code documents} are not trained on. */
    record Settings(
            int documents,
            int distinct,
            int heldOut,
            int vocabSize,
            int blockSize,
            int embedDim,
            int headCount,
            int layerCount,
            int batchSize,
            int steps,
            double learningRate)
            implements JsonObject {
        @Override
        public Map<String, Object> fields() {
            return Json.fields(
                    "documents distinct heldOut vocabSize blockSize embedDim headCount layerCount batchSize steps learningRate",
                    documents,
                    distinct,
                    heldOut,
                    vocabSize,
                    blockSize,
                    embedDim,
                    headCount,
                    layerCount,
                    batchSize,
                    steps,
                    learningRate);
        }
    }

    private static Settings settings(Documents list) {
        TrainingOptions fit = TrainingOptions.forStrings(list.asList());
        GptConfig config = fit.newConfig(Tokenizer.of(list).vocabSize());
        return new Settings(
                list.size(),
                different(list.asList()).size(),
                heldOut(list, fit),
                config.vocabSize(),
                config.blockSize(),
                config.embedDim(),
                config.headCount(),
                config.layerCount(),
                fit.batchSize(),
                Math.min(Limits.STEPS, fit.steps()),
                fit.learningRate().peak());
    }

    private static int heldOut(Documents list, TrainingOptions options) {
        return (int) Math.round(different(list.asList()).size() * options.heldOutFraction());
    }

    /** The strings that differ, by their normal forms. */
    private static Map<String, String> different(List<String> list) {
        Map<String, String> different = new LinkedHashMap<>();
        list.forEach(text -> different.putIfAbsent(Documents.normalForm(text), text));
        return different;
    }

    /** The settings that fit, but for those that a page lets one choose. */
    private static TrainingOptions options(Question question, Documents list) {
        int steps = question.integer("steps", 1, Limits.STEPS);
        return TrainingOptions.forStrings(list.asList())
                .withShape(
                        question.integer("embedDim", 4, 64),
                        question.integer("headCount", 1, 16),
                        question.integer("layerCount", 1, 4))
                .withSteps(steps)
                .withLearningRate(LearningRate.linear(question.number("learningRate", 1e-6, 10), steps))
                .withEvaluateEvery(Math.max(1, steps / 10));
    }

    /** The first event. {@code bigram}: loss on the held-out strings of a model that counts pairs; −1 if there are none. */
    record Begin(String id, int steps, int meanOf, int parameters, double chance, double bigram) implements JsonObject {
        @Override
        public Map<String, Object> fields() {
            return Json.fields(
                    "id steps meanOf parameters chance bigram", id, steps, meanOf, parameters, chance, bigram);
        }
    }

    /** Where the samples of the report come from. */
    record Novelty(int samples, int empty, int trained, int heldOut, int repeated, int fresh) implements JsonObject {
        @Override
        public Map<String, Object> fields() {
            return Json.fields(
                    "samples empty trained heldOut repeated fresh", samples, empty, trained, heldOut, repeated, fresh);
        }

        static Novelty of(Report.Novelty counts) {
            return new Novelty(
                    counts.sampleCount(),
                    counts.emptyCount(),
                    counts.trainedCount(),
                    counts.heldOutCount(),
                    counts.repeatedCount(),
                    counts.freshCount());
        }
    }

    /** A new sample beside the training string that is nearest to it. */
    record Near(String sample, String trained, int edits) implements JsonObject {
        @Override
        public Map<String, Object> fields() {
            return Json.fields("sample trained edits", sample, trained, edits);
        }

        static Near of(Report.Nearest nearest) {
            return new Near(nearest.sample(), nearest.trained(), nearest.editCount());
        }
    }

    /** The last event; losses are those on the held-out strings, −1 where there are none, as without n-grams. */
    record End(
            int steps,
            boolean timeIsUp,
            double trainingLoss,
            String verdict,
            String conclusion,
            double gpt,
            double both,
            double gptWeight,
            double ngram,
            int ngramOrder,
            double bigram,
            double unigram,
            double chance,
            Novelty novelty,
            List<Near> nearest,
            List<String> warnings,
            String text,
            List<Sample> samples)
            implements JsonObject {
        @Override
        public Map<String, Object> fields() {
            return Json.fields(
                    "steps timeIsUp trainingLoss verdict conclusion gpt both gptWeight ngram ngramOrder bigram unigram chance novelty nearest warnings text samples",
                    steps,
                    timeIsUp,
                    trainingLoss,
                    verdict,
                    conclusion,
                    gpt,
                    both,
                    gptWeight,
                    ngram,
                    ngramOrder,
                    bigram,
                    unigram,
                    chance,
                    novelty,
                    nearest,
                    warnings,
                    text,
                    samples);
        }
    }

    private void train(Question question, Events events) throws IOException {
        Documents list = list(question);
        TrainingOptions options = options(question, list);
        Trainer trainer = new Trainer(list.asList(), options);
        Set<String> texts = Set.copyOf(list.asList());
        String id = Shelf.newName();
        OwnTraining watcher = new OwnTraining(trainer, options, texts, events);
        running.put(id, trainer);
        try {
            events.send(Map.of(
                    "begin",
                    new Begin(
                            id,
                            options.steps(),
                            watcher.meanOf(),
                            trainer.model().parameters().size(),
                            Math.log(trainer.tokenizer().vocabSize()),
                            bigramLoss(list, options, trainer.tokenizer()))));
            Trained result = new Trained(trainer.onProgress(watcher).train(), texts::contains);
            running.remove(id); // before the last event: who has it can stop nothing any more
            trained.put(id, result);
            events.send(Map.of("end", end(result, watcher.isTimeUp())));
        } catch (UncheckedIOException e) {
            throw e.getCause(); // the visitor has gone
        } finally {
            running.remove(id);
        }
    }

    /** What the report will say of counting pairs, known before the training, which holds out the same strings with all copies. */
    private static double bigramLoss(Documents list, TrainingOptions options, Tokenizer tokenizer) {
        List<String> order = Documents.of(different(list.asList()).values())
                .shuffled(new PythonRandom(options.seed()))
                .asList();
        Map<String, String> heldOut = different(order.subList(order.size() - heldOut(list, options), order.size()));
        Bigram bigram = new Bigram(tokenizer.vocabSize());
        list.stream()
                .filter(text -> !heldOut.containsKey(Documents.normalForm(text)))
                .map(tokenizer::encodeDocument)
                .forEach(bigram::learn);
        return heldOut.values().stream()
                .map(tokenizer::encodeDocument)
                .flatMapToDouble(tokens -> Arrays.stream(bigram.losses(tokens)).limit(options.blockSize()))
                .average()
                .orElse(NONE);
    }

    private static End end(Trained trained, boolean timeIsUp) {
        MicroGpt model = trained.model();
        Report report = model.report();
        Optional<HeldOutLoss> loss = report.heldOutLoss();
        return new End(
                model.provenance().steps(),
                timeIsUp,
                model.provenance().trainingLoss().orElse(NONE),
                report.verdict(),
                report.conclusion(),
                loss.map(HeldOutLoss::gpt).orElse(NONE),
                loss.map(HeldOutLoss::both).orElse(OptionalDouble.empty()).orElse(NONE),
                loss.map(HeldOutLoss::gptWeight).orElse(OptionalDouble.empty()).orElse(NONE),
                loss.map(HeldOutLoss::ngram).orElse(OptionalDouble.empty()).orElse(NONE),
                loss.map(HeldOutLoss::ngramOrder).orElse(OptionalInt.empty()).orElse(0),
                loss.map(HeldOutLoss::bigram).orElse(NONE),
                loss.map(HeldOutLoss::unigram).orElse(NONE),
                report.chance(),
                Novelty.of(report.novelty()),
                report.nearest().stream().map(Near::of).toList(),
                report.warnings(),
                report.toString(),
                trained.samples(invented(model)));
    }

    /** Fewer if what the model writes comes to no end. */
    private static List<String> invented(MicroGpt model) {
        try {
            return model.generate(SHOWN, new GenerationOptions(), model.random());
        } catch (ExhaustedException e) {
            return e.found();
        }
    }

    /** Whether there was a training to stop; its model so far comes as its last event. */
    record Stopped(boolean stopped) implements JsonObject {
        @Override
        public Map<String, Object> fields() {
            return Json.fields("stopped", stopped);
        }
    }

    private Stopped stop(Question question) {
        Trainer trainer = running.get(question.text("id", Limits.WORD));
        if (trainer != null) {
            trainer.cancel();
        }
        return new Stopped(trainer != null);
    }

    private Trained trained(Question question) {
        return trained.get(question.text("id", Limits.WORD))
                .orElseThrow(() -> new Rejection(
                        404,
                        "the model is not kept any longer: the last " + Limits.MODELS + " are, for "
                                + Limits.MODEL_MINUTES + " minutes; train it again"));
    }

    /** Fewer than wanted if there is a problem. */
    record Generated(List<Sample> samples, String problem) implements JsonObject {
        @Override
        public Map<String, Object> fields() {
            return Json.fields("samples problem", samples, problem);
        }
    }

    private Generated generate(Question question) {
        Trained trained = trained(question);
        GenerationOptions options = new GenerationOptions()
                .withPrefix(trained.read(question.text("prefix", Limits.WORD)))
                .withTemperature(question.number("temperature", 0, 2))
                .withNovelOnly(question.flag("novelOnly"))
                .withSeed(question.integer("seed", 0, Integer.MAX_VALUE));
        String pattern = question.text("pattern", Limits.WORD);
        options = pattern.isEmpty() ? options : options.withPattern(pattern);
        int count = question.integer("count", 1, 100);
        try {
            return new Generated(trained.samples(trained.model().generate(count, options)), "");
        } catch (ExhaustedException e) {
            return new Generated(trained.samples(e.found()), e.getMessage());
        }
    }

    /** What each character cost, and last the end; whether the model reads only the first of them. */
    record Scored(String word, double loss, double perplexity, boolean inList, boolean cut, List<Cost> predictions)
            implements JsonObject {
        @Override
        public Map<String, Object> fields() {
            return Json.fields(
                    "word loss perplexity inList cut predictions", word, loss, perplexity, inList, cut, predictions);
        }
    }

    /** What one character cost; "" is the end. */
    record Cost(String character, double loss) implements JsonObject {
        @Override
        public Map<String, Object> fields() {
            return Json.fields("character loss", character, loss);
        }
    }

    private Scored score(Question question) {
        Trained trained = trained(question);
        // refuses unknown characters: JSON has no number for infinity
        String word = trained.read(Documents.strip(question.text("word", Limits.WORD)));
        Score score = trained.model().score(word);
        return new Scored(
                word,
                score.loss(),
                score.perplexity(),
                trained.list().test(score.text()),
                score.cutAt().isPresent(),
                score.predictions().stream()
                        .map(prediction -> new Cost(prediction.character(), prediction.loss()))
                        .toList());
    }

    /** The bytes of the model's file. */
    private byte[] file(Question question) {
        return trained(question).model().toBytes();
    }

    /** A model from a file, and what a training that ends says. */
    record Loaded(String id, End end) implements JsonObject {
        @Override
        public Map<String, Object> fields() {
            return Json.fields("id end", id, end);
        }
    }

    private Loaded load(Question question) {
        byte[] file = question.file();
        if (file.length > Limits.MODEL_FILE) {
            throw new IllegalArgumentException("file has " + file.length + " bytes, more than " + Limits.MODEL_FILE);
        }
        MicroGpt model;
        try {
            model = MicroGpt.load(new ByteArrayInputStream(file));
        } catch (InvalidModelException e) {
            throw new IllegalArgumentException(e.getMessage().replace("the stream", "the file"), e);
        }
        Trained loaded = new Trained(model, model::isKnown);
        End end = end(loaded, false);
        String id = Shelf.newName();
        trained.put(id, loaded);
        return new Loaded(id, end);
    }
}
