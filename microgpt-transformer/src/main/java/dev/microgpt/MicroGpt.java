package dev.microgpt;

import dev.microgpt.evaluation.Candidate;
import dev.microgpt.evaluation.Report;
import dev.microgpt.evaluation.Score;
import dev.microgpt.text.Documents;
import dev.microgpt.text.PythonRandom;
import dev.microgpt.text.Tokenizer;
import dev.microgpt.transformer.Gpt;
import dev.microgpt.transformer.Precision;
import dev.microgpt.transformer.Preset;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A trained model of short strings: it invents new ones like those it was trained on, says how likely a string is, and knows
 * how good it is. Immutable; any number of threads may use one.
 *
 * <pre>{@code
 * List<String> names = Documents.givenNames().asList(); // or any list of your own
 * MicroGpt model = MicroGpt.train(names);               // settings that fit the list
 * model.generate(20).forEach(System.out::println);
 * System.out.println(model.report());                   // is it any good?
 * model.save(Path.of("names.safetensors"));
 * double nats = MicroGpt.load(Path.of("names.safetensors")).loss("emma");
 * model.loss("zoé"); // IllegalArgumentException: character 'é' (U+00E9) at index 2 of "zoé" is not in the vocabulary
 * }</pre>
 *
 * <p>{@link Trainer} has more to say while it trains: progress, checkpoints, a way to stop.
 */
public final class MicroGpt {
    static final String VERSION = version();

    private static final int REPORTED_SAMPLES = 1_000;

    private final StoredModel contents;
    private final Predicate<String> known;

    private MicroGpt(StoredModel contents, Predicate<String> known) {
        this.contents = contents;
        this.known = known;
    }

    /**
     * Trains a model with settings that fit the list: {@link TrainingOptions#forStrings}.
     *
     * @param strings what to learn from; blanks around them do not count, blank ones are skipped
     * @return the model
     * @throws IllegalArgumentException if there is no string that is not blank
     */
    public static MicroGpt train(Collection<String> strings) {
        Documents documents = TrainingData.documents(strings);
        return new Trainer(documents, TrainingOptions.forDocuments(documents)).train();
    }

    /**
     * Trains a model.
     *
     * @param strings what to learn from; blanks around them do not count, blank ones are skipped
     * @param options how
     * @return the model
     * @throws IllegalArgumentException if there is no string that is not blank, or the model is too large
     * @throws IllegalStateException if the options name an engine that is not available, or the loss is no longer a finite
     *     number
     */
    public static MicroGpt train(Collection<String> strings, TrainingOptions options) {
        return new Trainer(strings, options).train();
    }

    /**
     * Trains this model further, with a fresh state of the optimizer.
     *
     * @param strings what to learn from: the list of before, or another
     * @param options how; in shape as this model, as {@link #trainingOptions()} are
     * @return a new model; this one stays as it is
     * @throws IllegalArgumentException if there is no string that is not blank, the model does not know a character of the
     *     strings, or the shape differs
     * @throws IllegalStateException if the options name an engine that is not available, or the loss is no longer a finite
     *     number
     */
    public MicroGpt trainFurther(Collection<String> strings, TrainingOptions options) {
        return Trainer.furtherTraining(this, strings, options).train();
    }

    /** Completes a training with the report. */
    static MicroGpt trained(StoredModel contents, TrainingData data, List<Fingerprint> earlier, long read) {
        Set<String> list = new HashSet<>(data.all());
        MicroGpt model =
                new MicroGpt(contents, string -> list.contains(string) || Fingerprint.anyMayContain(earlier, string));
        Report report = Report.of(
                contents.gpt(),
                contents.tokenizer(),
                data.trained(),
                data.heldOut(),
                read,
                model.generate(REPORTED_SAMPLES));
        return new MicroGpt(contents.with(report), model.known);
    }

    /**
     * Reads a model.
     *
     * @param file what {@link #save(Path)} wrote, in this version of the library or an earlier one
     * @return the model, the same to the last bit
     * @throws InvalidModelException if the file is not a model, or a weight or a value in it has changed since
     * @throws UncheckedIOException if it cannot be read
     */
    public static MicroGpt load(Path file) {
        return loaded(ModelFile.read(Objects.requireNonNull(file, "file is null"), true));
    }

    /**
     * Reads a model that an application carries with it, say as a resource:
     * {@code MicroGpt.load(App.class.getResourceAsStream("names.safetensors"))}.
     *
     * @param in what {@link #save} wrote, up to the end of the stream, which is closed in any case
     * @return the model, as of {@link #load(Path)}
     * @throws InvalidModelException if the bytes are not a model, or a weight or a value in it has changed since
     * @throws UncheckedIOException if the stream cannot be read
     * @throws NullPointerException if {@code in} is null, as where there is no such resource
     */
    public static MicroGpt load(InputStream in) {
        return loaded(ModelFile.read(Objects.requireNonNull(in, "in is null: is there no such resource?")));
    }

    /**
     * Reads a model whose weights another program has changed, say tuned, in a file that this library wrote. All else must be
     * as it was; the weights need only have the right shapes and be finite and below 1e100 in size. {@link #report()} and
     * {@link #provenance()} tell of the model as it was before.
     *
     * @param file a safetensors file with the tensors and the metadata of a model, in F64 or F32
     * @return the model
     * @throws InvalidModelException if the file is anything else, or a value in its metadata has changed since {@link #save}
     * @throws UncheckedIOException if it cannot be read
     */
    public static MicroGpt loadUnverified(Path file) {
        return loaded(ModelFile.read(Objects.requireNonNull(file, "file is null"), false));
    }

    private static MicroGpt loaded(StoredModel contents) {
        return new MicroGpt(contents, string -> Fingerprint.anyMayContain(contents.fingerprints(), string));
    }

    /**
     * Writes the model to a safetensors file, wholly or not at all. The weights take 32 bits each where that loses nothing, as
     * after training in {@link Precision#FLOAT}, else 64.
     *
     * @param file where to; what was there is replaced
     * @throws UncheckedIOException if it cannot be written; what was there is unharmed
     */
    public void save(Path file) {
        ModelFile.write(Objects.requireNonNull(file, "file is null"), contents);
    }

    /**
     * Writes the model to a stream, as {@link #save(Path)} does to a file.
     *
     * @param out where to; flushed, and not closed
     * @throws UncheckedIOException if it cannot be written
     */
    public void save(OutputStream out) {
        Objects.requireNonNull(out, "out is null");
        try {
            out.write(toBytes());
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("the model cannot be written to the stream: " + e.getMessage(), e);
        }
    }

    /**
     * The model as {@link #save(Path)} writes it, to keep in a database or to send; {@link #load(InputStream)} reads it from a
     * {@link java.io.ByteArrayInputStream}.
     *
     * @return a new array, a safetensors file
     */
    public byte[] toBytes() {
        return ModelFile.toBytes(contents);
    }

    /**
     * Invents strings, as {@link #generationOptions()} say.
     *
     * @param count how many, at least 0
     * @return that many strings
     * @throws IllegalArgumentException if {@code count} is negative
     */
    public List<String> generate(int count) {
        return generate(count, generationOptions());
    }

    /**
     * Invents strings.
     *
     * @param count how many, at least 0
     * @param options how
     * @return that many strings; the same for the same options
     * @throws IllegalArgumentException if {@code count} is negative or the options do not fit the model
     * @throws ExhaustedException if there are fewer within the attempts that the options allow; it has what was found
     */
    public List<String> generate(int count, GenerationOptions options) {
        return generator(options).list(count);
    }

    /**
     * Invents one string, the first of {@link #stream}, and hands out its characters as they are drawn.
     *
     * @param options how; neither unique nor novelOnly, which need whole strings
     * @param onCharacter called with each character, those of the prefix first
     * @return the whole string
     * @throws IllegalArgumentException if the options do not fit the model, or need whole strings
     */
    public String generate(GenerationOptions options, Consumer<String> onCharacter) {
        return generator(options).one(onCharacter);
    }

    /**
     * Invents strings for as long as they are asked for.
     *
     * @param options how
     * @return a lazy stream, the same for the same options, also in parallel; it ends after the attempts that the options
     *     allow. With unique, a parallel stream makes all of these before its first string
     * @throws IllegalArgumentException if the options do not fit the model
     */
    public Stream<String> stream(GenerationOptions options) {
        return generator(options).stream();
    }

    private Generator generator(GenerationOptions options) {
        Generator generator = new Generator(new Completer(gpt(), tokenizer(), options), known);
        return options.continuing() ? generator.continuing(random()) : generator;
    }

    /**
     * How this model invents strings unless told otherwise.
     *
     * @return the defaults; for a model that was trained as a {@link Preset} they continue the original program's stream of
     *     random numbers, so that the strings are the original ones
     */
    public GenerationOptions generationOptions() {
        return new GenerationOptions().withContinuing(!trainingOptions().basis().equals(TrainingOptions.AUTO));
    }

    /**
     * What may come next in a string.
     *
     * @param prefix the characters before it, may be empty
     * @return all characters and the end, the most likely first; their probabilities add up to 1
     * @throws IllegalArgumentException if the model does not know a character of the prefix, or it leaves no room for one
     */
    public List<Candidate> next(String prefix) {
        return next(new GenerationOptions().withPrefix(prefix).withTemperature(1));
    }

    /**
     * What may come next behind the prefix in the options, as these draw it.
     *
     * @param options prefix, temperature, topK, topP and minLength count
     * @return all characters and the end, the most likely first; their probabilities add up to 1
     * @throws IllegalArgumentException if the options do not fit the model
     */
    public List<Candidate> next(GenerationOptions options) {
        return new Completer(gpt(), tokenizer(), options).candidates();
    }

    /**
     * How surprising a string is.
     *
     * @param string may be empty; blanks around it do not count, as in training
     * @return mean over its characters and its end, of which the first blockSize count, of −ln p; nats per token
     * @throws IllegalArgumentException if the model does not know a character
     */
    public double loss(String string) {
        return score(string).loss();
    }

    /**
     * How surprising a string is, character by character.
     *
     * @param string may be empty; blanks around it do not count, as in training
     * @return its score
     * @throws IllegalArgumentException if the model does not know a character
     */
    public Score score(String string) {
        return Score.of(gpt(), tokenizer(), string.strip());
    }

    /**
     * Sorts strings by how surprising they are; the first are candidates for typing errors and gibberish.
     *
     * @param strings any strings; one with a character that the model does not know is infinitely surprising
     * @return their scores, the most surprising first
     */
    public List<Score> rank(Collection<String> strings) {
        return Score.rank(
                gpt(), tokenizer(), strings.stream().map(String::strip).toList());
    }

    /**
     * Whether a string was in the list that the model was trained with, among those held out included.
     *
     * @param string blanks around it do not count, as in training
     * @return true if it was; of a model that was loaded, or trained further, also for fewer than 1 in 1,000 others, because it
     *     goes by a fingerprint of the list
     */
    public boolean isKnown(String string) {
        return known.test(string.strip());
    }

    /**
     * How good the model is.
     *
     * @return the report that was made after training
     */
    public Report report() {
        return contents.report().orElseThrow();
    }

    /**
     * Shape and weights.
     *
     * @return the GPT itself, which speaks in token ids
     */
    public Gpt gpt() {
        return contents.gpt();
    }

    /**
     * The vocabulary.
     *
     * @return what turns strings into token ids
     */
    public Tokenizer tokenizer() {
        return contents.tokenizer();
    }

    /**
     * How the model was trained last.
     *
     * @return the options
     */
    public TrainingOptions trainingOptions() {
        return contents.options();
    }

    /**
     * Where the model comes from.
     *
     * @return version, data, steps and losses
     */
    public Provenance provenance() {
        return contents.provenance();
    }

    /**
     * The random numbers that come after those of the training, where the original programs sample from.
     *
     * @return a new generator at that place
     */
    public PythonRandom random() {
        return PythonRandom.restore(contents.random());
    }

    /** Shape, list and loss in one line. */
    @Override
    public String toString() {
        return "MicroGpt[" + gpt().config() + ", trained on " + provenance().dataCount() + " strings in "
                + provenance().steps() + " steps]";
    }

    StoredModel contents() {
        return contents;
    }

    private static String version() {
        try (InputStream in = MicroGpt.class.getResourceAsStream("version.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new UncheckedIOException("resource version.txt cannot be read", e);
        }
    }
}
