package dev.microgpt;

import dev.microgpt.evaluation.Report;
import dev.microgpt.evaluation.Score;
import dev.microgpt.evaluation.Score.Prediction;
import dev.microgpt.safetensors.Safetensors;
import dev.microgpt.text.Documents;
import dev.microgpt.text.LanguageModel;
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
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
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
 * model.candidates("zoé"); // IllegalArgumentException:
 *                          // character 'é' (U+00E9) at index 2 of "zoé" is not in the vocabulary
 * }</pre>
 *
 * <p>{@link Trainer} has more to say while it trains: progress, checkpoints, a way to stop.
 *
 * @since 0.1
 */
public final class MicroGpt {
    static final String VERSION = version();

    private static final int REPORTED_SAMPLES = 1_000;

    private final StoredModel contents;
    private final Predicate<String> known;
    private volatile Completer patterned; // the last one with a pattern: making it takes longer than a string does

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
     * @throws IllegalStateException if the options name an engine that is not available, or training runs away, see {@link
     *     Trainer#train}
     */
    public static MicroGpt train(Collection<String> strings, TrainingOptions options) {
        return new Trainer(strings, options).train();
    }

    /**
     * Completes what a run made with the report.
     *
     * @param reader what the model says of strings, as the report is to see it
     */
    static MicroGpt trained(
            StoredModel contents, LanguageModel reader, TrainingData data, List<Fingerprint> earlier, long read) {
        Set<String> forms = data.forms();
        MicroGpt model = new MicroGpt(
                contents,
                string -> forms.contains(Documents.normalForm(string)) || Fingerprint.anyMayContain(earlier, string));
        Report report =
                Report.of(reader, contents.tokenizer(), data.trained(), data.heldOut(), read, model.reportedSamples());
        return new MicroGpt(contents.with(report), model.known);
    }

    /**
     * Reads a model.
     *
     * @param file what {@link #save(Path)} wrote, in this version of the library or an earlier one; not a device or a pipe, of
     *     which {@link #load(InputStream)} reads
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
     * @param in what {@link #save} wrote, up to the end of the stream, which is closed in any case; at most 2,147,483,639
     *     bytes, all of which are read and kept before they are looked at
     * @return the model, as of {@link #load(Path)}
     * @throws InvalidModelException if the bytes are not a model, or a weight or a value in it has changed since
     * @throws UncheckedIOException if the stream cannot be read
     * @throws NullPointerException if {@code in} is null, as where there is no such resource
     */
    public static MicroGpt load(InputStream in) {
        return loaded(ModelFile.read(
                Objects.requireNonNull(in, "in is null: is there no such resource?"), Safetensors.MAX_FILE_LENGTH));
    }

    /**
     * Reads a model whose weights another program has changed, say tuned, in a file that this library wrote. All else must be
     * as it was; the weights need only have the right shapes and be finite and below 1e30 in size. {@link #report()} and
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
     * What a report looks at, the same each time: as the original program samples, or with the seed of the training. Fewer if the
     * model has learned so little that its strings come to no end.
     */
    private List<String> reportedSamples() {
        GenerationOptions defaults = new GenerationOptions();
        try {
            return isOriginal()
                    ? generate(REPORTED_SAMPLES, defaults, random())
                    : generate(
                            REPORTED_SAMPLES,
                            defaults.withSeed(trainingOptions().seed()));
        } catch (ExhaustedException e) {
            return e.found();
        }
    }

    /** Whether the model was trained as an original program, or nearly so. */
    private boolean isOriginal() {
        return !trainingOptions().basis().equals(TrainingOptions.AUTO);
    }

    /**
     * Invents strings, others each time. None is empty, and none is cut: one that has come to no end is drawn again.
     *
     * @param count how many, at least 0
     * @return that many strings
     * @throws IllegalArgumentException if {@code count} is negative
     * @throws ExhaustedException if a string has come to no end 101 times, as those of a model that has learned little may
     * @throws CancellationException if the thread is interrupted, which it stays
     */
    public List<String> generate(int count) {
        return generate(count, new GenerationOptions());
    }

    /**
     * Invents strings: the first ones of {@link #stream}.
     *
     * @param count how many, at least 0
     * @param options how; with a seed the strings are the same each time
     * @return that many strings
     * @throws IllegalArgumentException if {@code count} is negative, the options do not fit the model, or unique strings are
     *     asked for and fewer match the pattern
     * @throws ExhaustedException if the options leave fewer; it has what was found
     * @throws CancellationException if the thread is interrupted, which it stays
     * @throws NullPointerException if the options are null
     */
    public List<String> generate(int count, GenerationOptions options) {
        return Generator.of(completer(options), known).list(count);
    }

    /**
     * Invents strings from the random numbers of a given generator, one string after the other, as the original programs
     * do. With {@link #random()} a model that was trained as a {@link Preset} writes the strings of the original: here, and here
     * only, its strings may be empty and end where blockSize ends them, unless the options say something else of their lengths.
     *
     * @param count how many, at least 0
     * @param options how; without a seed
     * @param random where the random numbers come from: one {@code nextDouble()} for each character and for the end
     * @return that many strings
     * @throws IllegalArgumentException if {@code count} is negative, the options do not fit the model or have a seed
     * @throws ExhaustedException if the options leave fewer; it has what was found
     * @throws CancellationException if the thread is interrupted, which it stays
     * @throws NullPointerException if an argument is null
     */
    public List<String> generate(int count, GenerationOptions options, RandomGenerator random) {
        Completer completer = completer(options, isOriginal() ? Unset.ORIGINAL : unset());
        return Generator.of(completer, known, Objects.requireNonNull(random, "random is null"))
                .list(count);
    }

    /**
     * Invents the string of an index: the same as element {@code index} of {@link #stream}, without those before it. So
     * strings can be drawn on several machines, and any one of them again.
     *
     * @param index which, from 0
     * @param options how; with a seed, and without unique, which compares strings
     * @return the string
     * @throws IllegalArgumentException if {@code index} is negative or not below maxAttempts, or the options do not fit the
     *     model, have no seed, or ask for unique strings
     * @throws ExhaustedException if each draw of the string had to be dropped
     * @throws CancellationException if the thread is interrupted, which it stays
     * @throws NullPointerException if the options are null
     */
    public String generateAt(long index, GenerationOptions options) {
        return Generator.of(completer(options), known).at(index);
    }

    /**
     * Invents strings for as long as they are asked for. String i depends on the seed and i alone; with unique it also
     * depends on those before it. Without a seed in the options the stream draws one when it is made.
     *
     * @param options how
     * @return a lazy stream, with a seed the same each time, in parallel too. It has no end without unique and maxAttempts;
     *     it throws an {@link ExhaustedException} where it comes to a string each draw of which had to be dropped, and a {@link
     *     CancellationException} where the thread that asks is interrupted. With
     *     unique it ends when no new strings come, as {@link GenerationOptions#withMaxAttempts} says, and one thread at a time
     *     draws
     * @throws IllegalArgumentException if the options do not fit the model
     * @throws NullPointerException if the options are null
     */
    public Stream<String> stream(GenerationOptions options) {
        return Generator.of(completer(options), known).stream();
    }

    private Completer completer(GenerationOptions options) {
        Objects.requireNonNull(options, "options is null");
        Completer latest = patterned;
        if (latest != null && latest.options().equals(options)) {
            return latest;
        }
        Completer completer = completer(options, unset());
        if (options.pattern().isPresent()) {
            patterned = completer;
        }
        return completer;
    }

    private Completer completer(GenerationOptions options, Unset unset) {
        return new Completer(gpt(), tokenizer(), Objects.requireNonNull(options, "options is null"), unset);
    }

    private Unset unset() {
        double temperature = isOriginal() ? Unset.ORIGINAL.temperature() : Unset.AS_LEARNED;
        return Unset.whole(temperature, provenance().longest());
    }

    /**
     * Autocomplete: what may come next in a string, as likely as the model thinks it is, at temperature 1.
     *
     * @param prefix the characters before it, may be empty
     * @return all characters and the end, the most likely first; their probabilities add up to 1
     * @throws IllegalArgumentException if the model does not know a character of the prefix, or it leaves no room for one
     * @throws NullPointerException if the prefix is null
     */
    public List<Prediction> candidates(String prefix) {
        return candidates(
                new GenerationOptions().withPrefix(prefix).withTemperature(1).withMinLength(0));
    }

    /**
     * Autocomplete as the options draw: what may come next after their prefix, at their temperature, and what cannot come
     * because of pattern, lengths, top-k or top-p with probability 0.
     *
     * @param options how
     * @return all characters and the end, the most likely first; their probabilities add up to 1
     * @throws IllegalArgumentException if the options do not fit the model, or the prefix has maxLength characters
     * @throws NullPointerException if the options are null
     */
    public List<Prediction> candidates(GenerationOptions options) {
        return completer(options).candidates();
    }

    /**
     * Cross-entropy loss: how surprising a string is.
     *
     * @param string may be empty; blanks around it do not count, as in training
     * @return mean of −ln p over its characters and its end; nats per token. From blockSize on each is charged at chance, ln
     *     vocabSize; infinite if a character is not in the vocabulary
     * @throws NullPointerException if the string is null
     */
    public double loss(String string) {
        return score(string).loss();
    }

    /**
     * How surprising a string is, character by character: loss, bits, perplexity.
     *
     * @param string may be empty; blanks around it do not count, as in training
     * @return its score, of the string without the blanks around it, as of {@link Score#of}; infinitely surprising where a
     *     character is not in the vocabulary
     * @throws NullPointerException if the string is null
     */
    public Score score(String string) {
        return Score.of(gpt(), tokenizer(), Documents.strip(Objects.requireNonNull(string, "string is null")));
    }

    /**
     * How surprising many strings are.
     *
     * @param strings any strings, each as of {@link #score}
     * @return their scores, in the order given
     * @throws NullPointerException if the strings or one of them are null; the message has its index
     */
    public List<Score> scores(Collection<String> strings) {
        List<String> stripped = new ArrayList<>();
        for (String string : Objects.requireNonNull(strings, "strings is null")) {
            stripped.add(
                    Documents.strip(Objects.requireNonNull(string, () -> "strings[" + stripped.size() + "] is null")));
        }
        return Score.of(gpt(), tokenizer(), stripped);
    }

    /**
     * Sorts strings by how surprising they are: the first are candidates for typing errors, gibberish and other anomalies.
     *
     * @param strings any strings, each as of {@link #score}
     * @return their scores, the greatest {@link Score#surprise} first; equal ones in the order given
     * @throws NullPointerException if the strings or one of them are null; the message has its index
     */
    public List<Score> rank(Collection<String> strings) {
        return scores(strings).stream()
                .sorted(Comparator.comparingDouble(Score::surprise).reversed())
                .toList();
    }

    /**
     * Whether a string was in the list that the model was trained with, among those held out included.
     *
     * @param string blanks around it do not count, as in training, nor does its {@link Documents#normalForm form}
     * @return true if it was; of a model that was loaded, or trained further, also for fewer than 1 in 1,000 others,
     *     because it goes by a fingerprint of each list, however many there were
     * @throws NullPointerException if the string is null
     */
    public boolean isKnown(String string) {
        return known.test(Objects.requireNonNull(string, "string is null"));
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
     * The random numbers that come after those of the training, from which the original programs sample: for
     * {@link #generate(int, GenerationOptions, RandomGenerator)}.
     *
     * @return a new generator at that place
     */
    public PythonRandom random() {
        return PythonRandom.restore(contents.random());
    }

    /** Shape, list and loss in one line. */
    @Override
    public String toString() {
        int strings = provenance().dataCount();
        int steps = provenance().steps();
        return "MicroGpt[" + gpt().config() + ", trained on " + strings
                + (strings == 1 ? " string in " : " strings in ") + steps + (steps == 1 ? " step]" : " steps]");
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
