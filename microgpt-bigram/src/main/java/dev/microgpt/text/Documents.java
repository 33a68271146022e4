package dev.microgpt.text;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The training data (dataset): a list of short texts such as names, in a fixed order. Texts are stripped, as the original programs
 * do it ({@link #strip}), and blank ones skipped, so no document is empty, and there is at least one. Immutable.
 *
 * <pre>{@code
 * Documents names = Documents.givenNames().shuffled(new PythonRandom(42));
 * names.size();    // 3037
 * names.get(0);    // "julie"
 * names.get(3037); // IndexOutOfBoundsException: index 3037 is not in [0, 3037)
 * }</pre>
 *
 * @since 0.1
 */
public final class Documents implements Iterable<String> {

    private static final char BYTE_ORDER_MARK = '\uFEFF';
    private static final char NEXT_LINE = '\u0085';
    private static final int SHOWN = 3; // documents that toString shows
    private static final int LONGEST_SHOWN = 20; // code points of each

    private final List<String> texts;

    private Documents(List<String> texts) {
        this.texts = texts;
    }

    /**
     * Reads training data from a text file, one document a line. Lines end with LF, CRLF or CR; a byte order mark at the
     * start is dropped.
     *
     * @param file a text file in UTF-8
     * @return its stripped lines without the blank ones, in the order of the file
     * @throws UncheckedIOException if the file cannot be read or is not text in UTF-8; the message names the file and says what
     *     it looks like, such as UTF-16, gzip or a zip archive, or names line and byte
     * @throws IllegalArgumentException if every line is blank
     */
    public static Documents read(Path file) {
        Objects.requireNonNull(file, "file is null");
        try {
            return parse(Files.readAllBytes(file), "file " + file, "file");
        } catch (NoSuchFileException e) {
            throw new UncheckedIOException("file " + file + " does not exist", e);
        } catch (IOException e) {
            throw new UncheckedIOException("file " + file + " cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * Reads training data from a stream, one document a line, as {@link #read(Path)} does.
     *
     * @param in a text in UTF-8, up to its end; not closed
     * @param source what messages call it, such as "standard input"
     * @return its stripped lines without the blank ones, in their order
     * @throws UncheckedIOException if the stream cannot be read or is not text in UTF-8, as of {@link #read(Path)}
     * @throws IllegalArgumentException if every line is blank
     */
    public static Documents read(InputStream in, String source) {
        Objects.requireNonNull(in, "in is null");
        Objects.requireNonNull(source, "source is null");
        try {
            return parse(in.readAllBytes(), source, "stream");
        } catch (IOException e) {
            throw new UncheckedIOException(source + " cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * Training data from a list of strings, or from any other collection.
     *
     * @param documents texts; each is stripped, blank ones are skipped, a byte order mark before the first is dropped; not
     *     kept
     * @return the documents in the order of the collection
     * @throws IllegalArgumentException if every text is blank, there is none, or one has a NUL character (U+0000), as text in
     *     UTF-16 has that was read as something else
     */
    public static Documents of(Collection<String> documents) {
        Objects.requireNonNull(documents, "documents is null");
        int index = 0;
        for (String document : documents) {
            if (document == null) {
                throw new NullPointerException("documents[" + index + "] is null");
            }
            index++;
        }
        return new Documents(clean(documents, "documents has no text that is not blank"));
    }

    /**
     * Training data from some strings, as {@link #of(Collection)} takes them.
     *
     * @param documents texts, in order; not kept
     * @return the documents
     * @throws IllegalArgumentException if every text is blank, there is none, or one has a NUL character
     */
    public static Documents of(String... documents) {
        return of(Arrays.asList(Objects.requireNonNull(documents, "documents is null")));
    }

    /**
     * A text without blanks around it, as Python strips it: spaces of any width, those without a break too, and the control
     * characters that separate lines, columns and records. {@link String#strip} leaves U+0085, U+00A0, U+2007 and U+202F.
     *
     * @param text any text
     * @return the text from the first to the last character that is no blank; may be empty
     */
    public static String strip(String text) {
        Objects.requireNonNull(text, "text is null");
        int start = 0;
        int end = text.length();
        while (start < end && isBlank(text.charAt(start))) {
            start++;
        }
        while (start < end && isBlank(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(start, end);
    }

    /**
     * The form in which texts are compared, so that two that look the same are the same: in Unicode's normal form NFC, in which é is
     * one character, without characters that nobody sees, such as zero-width spaces, byte order marks, soft hyphens and variation
     * selectors, and stripped.
     *
     * @param text any text
     * @return the text itself if it has this form already
     */
    public static String normalForm(String text) {
        return NormalForm.of(strip(text));
    }

    /** As {@code str.isspace} of Python; no blank is outside the 16 bits of a char. */
    private static boolean isBlank(char character) {
        return Character.isWhitespace(character) || Character.isSpaceChar(character) || character == NEXT_LINE;
    }

    /**
     * The list of 3,037 given names that comes with this module, in alphabetical order.
     *
     * @return a to z, 26 different characters
     */
    public static Documents givenNames() {
        String name = "given-names.txt";
        try (InputStream in = Documents.class.getResourceAsStream(name)) {
            return parse(in.readAllBytes(), "resource " + name, "file");
        } catch (IOException e) {
            throw new UncheckedIOException("resource " + name + " cannot be read", e);
        }
    }

    /**
     * Number of documents.
     *
     * @return at least 1
     */
    public int size() {
        return texts.size();
    }

    /**
     * One document.
     *
     * @param index in [0, {@link #size()})
     * @return a stripped, non-empty text
     * @throws IndexOutOfBoundsException if {@code index} is not in [0, size)
     */
    public String get(int index) {
        if (index < 0 || index >= size()) {
            throw new IndexOutOfBoundsException("index " + index + " is not in [0, " + size() + ")");
        }
        return texts.get(index);
    }

    /**
     * The document of a training step: one document a step, and after the last one the first again.
     *
     * @param step number of steps made before, ≥ 0
     * @return the document at index {@code step % size()}
     * @throws IndexOutOfBoundsException if {@code step} is negative
     */
    public String atStep(long step) {
        if (step < 0) {
            throw new IndexOutOfBoundsException("step " + step + " is not >= 0");
        }
        return texts.get((int) (step % size()));
    }

    /**
     * All documents as a list.
     *
     * @return an unmodifiable list, in order
     */
    public List<String> asList() {
        return texts;
    }

    /**
     * All documents one after the other.
     *
     * @return a new stream, in order
     */
    public Stream<String> stream() {
        return texts.stream();
    }

    @Override
    public Iterator<String> iterator() {
        return texts.iterator();
    }

    /**
     * The same documents in random order, shuffled as CPython does it (Fisher-Yates): for i = n − 1 … 1, the document at i
     * changes places with the one at {@code random.nextInt(i + 1)}.
     *
     * @param random gives n − 1 bounded integers
     * @return new documents; these here keep their order
     */
    public Documents shuffled(RandomGenerator random) {
        Objects.requireNonNull(random, "random is null");
        List<String> shuffled = new ArrayList<>(texts);
        Draws.shuffle(shuffled, random);
        return new Documents(List.copyOf(shuffled));
    }

    /** Two lists are equal if they have the same documents in the same order. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Documents documents && texts.equals(documents.texts);
    }

    @Override
    public int hashCode() {
        return texts.hashCode();
    }

    /** Size and first documents, such as {@code Documents[size=2: "ada", "ben"]}. */
    @Override
    public String toString() {
        String first = texts.stream()
                .limit(SHOWN)
                .map(text -> Readable.quote(text, LONGEST_SHOWN))
                .collect(Collectors.joining(", "));
        return "Documents[size=" + size() + ": " + first + (size() > SHOWN ? ", …" : "") + "]";
    }

    private static Documents parse(byte[] bytes, String source, String kind) {
        String text = new TextBytes(bytes, source, kind).decode();
        return new Documents(
                clean(text.lines().toList(), source + " contains no document: there is no line that is not blank"));
    }

    private static void requireText(String text, int index) {
        if (text.indexOf(0) >= 0) {
            throw new IllegalArgumentException("text " + Readable.quote(text, LONGEST_SHOWN) + " at index " + index
                    + " has a NUL character (U+0000), which is in no text; was it UTF-16?");
        }
    }

    private static List<String> clean(Collection<String> lines, String ifNone) {
        List<String> texts = new ArrayList<>();
        int index = 0;
        for (String line : lines) {
            boolean marked = index == 0 && line.indexOf(BYTE_ORDER_MARK) == 0;
            requireText(line, index++);
            String text = strip(marked ? line.substring(1) : line);
            if (!text.isEmpty()) {
                texts.add(text);
            }
        }
        if (texts.isEmpty()) {
            throw new IllegalArgumentException(ifNone);
        }
        return List.copyOf(texts);
    }
}
