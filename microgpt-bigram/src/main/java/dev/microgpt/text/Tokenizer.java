package dev.microgpt.text;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Objects;

/**
 * A tokenizer with one token per character. The vocabulary is the sorted distinct characters of the documents; a character's id is its
 * place there, and after them comes BOS, the one special token, which both opens and closes a document. A character
 * is a Unicode code point, so an emoji such as 🙂 is one token. Immutable.
 *
 * <pre>{@code
 * Tokenizer tokenizer = Tokenizer.of(Documents.givenNames()); // a..z are 0..25, BOS is 26
 * tokenizer.encodeDocument("ava");        // [26, 0, 21, 0, 26]
 * tokenizer.decode(26, 0, 21, 0, 26);     // "ava"
 * tokenizer.encode("zoé"); // IllegalArgumentException:
 *                          // character 'é' (U+00E9) at index 2 of "zoé" is not in the vocabulary
 * }</pre>
 *
 * @since 0.1
 */
public final class Tokenizer {

    private static final int LONGEST_QUOTE = 80; // code points of a text that a message repeats

    private final int[] codePoints; // [vocabSize - 1], ascending: the character of each id
    private final String vocabulary; // the same characters

    private Tokenizer(int[] codePoints) {
        if (codePoints.length == 0) {
            throw new IllegalArgumentException("vocabulary is empty, at least one character is needed");
        }
        for (int codePoint : codePoints) {
            if (isSurrogate(codePoint)) {
                throw new IllegalArgumentException("character " + Readable.character(codePoint)
                        + " is half of a surrogate pair, which is no character of its own");
            }
        }
        this.codePoints = codePoints;
        this.vocabulary = new String(codePoints, 0, codePoints.length);
    }

    /**
     * Makes a tokenizer with the vocabulary of some texts.
     *
     * @param documents texts with at least one character between them
     * @return a tokenizer that knows every character in them
     * @throws IllegalArgumentException if there is no character, or a lone surrogate
     */
    public static Tokenizer of(Iterable<String> documents) {
        Objects.requireNonNull(documents, "documents is null");
        BitSet distinct = new BitSet(); // in loops: a short run would wait for streams
        int index = 0;
        for (String document : documents) {
            if (document == null) {
                throw new NullPointerException("documents[" + index + "] is null");
            }
            index++;
            int codePoint;
            for (int at = 0; at < document.length(); at += Character.charCount(codePoint)) {
                codePoint = document.codePointAt(at);
                distinct.set(codePoint);
            }
        }
        int[] codePoints = new int[distinct.cardinality()];
        int id = 0;
        for (int c = distinct.nextSetBit(0); c >= 0; c = distinct.nextSetBit(c + 1)) {
            codePoints[id++] = c;
        }
        return new Tokenizer(codePoints);
    }

    /**
     * Makes the tokenizer that has this vocabulary.
     *
     * @param vocabulary what {@link #vocabulary()} returned: distinct characters in ascending order of code points
     * @return a tokenizer equal to the one that the vocabulary came from
     * @throws IllegalArgumentException if the vocabulary is empty, not in strictly ascending order, or has a lone
     *     surrogate
     */
    public static Tokenizer ofVocabulary(String vocabulary) {
        Objects.requireNonNull(vocabulary, "vocabulary is null");
        int[] codePoints = vocabulary.codePoints().toArray();
        for (int i = 1; i < codePoints.length; i++) {
            if (codePoints[i] <= codePoints[i - 1]) {
                throw new IllegalArgumentException("vocabulary " + Readable.quote(vocabulary, LONGEST_QUOTE)
                        + " is not in ascending order: " + Readable.character(codePoints[i]) + " at index " + i
                        + " comes after " + Readable.character(codePoints[i - 1]));
            }
        }
        return new Tokenizer(codePoints);
    }

    /**
     * Vocabulary size, the number of token ids: one per character, and BOS.
     *
     * @return at least 2
     */
    public int vocabSize() {
        return codePoints.length + 1;
    }

    /**
     * The id of the token that opens and closes a document.
     *
     * @return the last id, {@code vocabSize() - 1}
     */
    public int bos() {
        return codePoints.length;
    }

    /**
     * The vocabulary: the characters in the order of their ids, without BOS.
     *
     * @return distinct characters in ascending order of code points, such as "abcdefghijklmnopqrstuvwxyz"
     */
    public String vocabulary() {
        return vocabulary;
    }

    /**
     * Encodes a text: the token ids of its characters, without BOS.
     *
     * @param text may be empty
     * @return a new array, one id per code point
     * @throws IllegalArgumentException if a character is not in the vocabulary, as a lone surrogate never is; the
     *     message gives its index in code points
     */
    public int[] encode(String text) {
        Objects.requireNonNull(text, "text is null");
        int[] ids = new int[text.codePointCount(0, text.length())];
        int at = 0; // in chars
        for (int i = 0; i < ids.length; i++) {
            int codePoint = text.codePointAt(at);
            at += Character.charCount(codePoint);
            ids[i] = Arrays.binarySearch(codePoints, codePoint);
            if (ids[i] < 0) {
                throw new IllegalArgumentException("character " + Readable.character(codePoint) + " at index " + i
                        + " of " + Readable.quote(text, LONGEST_QUOTE) + " is not in the vocabulary");
            }
        }
        return ids;
    }

    /**
     * Encodes a document as the models read it: BOS, the token ids of its characters, BOS.
     *
     * @param text may be empty
     * @return a new array, shape [number of code points + 2]
     * @throws IllegalArgumentException if a character is not in the vocabulary
     */
    public int[] encodeDocument(String text) {
        int[] ids = encode(text);
        int[] tokens = new int[ids.length + 2];
        System.arraycopy(ids, 0, tokens, 1, ids.length);
        tokens[0] = tokens[tokens.length - 1] = bos();
        return tokens;
    }

    /**
     * Decodes token ids to the text that they stand for. BOS stands for nothing and is skipped.
     *
     * @param tokenIds ids in [0, vocabSize)
     * @return their characters
     * @throws IllegalArgumentException if an id is not in [0, vocabSize)
     */
    public String decode(int... tokenIds) {
        Objects.requireNonNull(tokenIds, "tokenIds is null");
        StringBuilder text = new StringBuilder();
        for (int tokenId : tokenIds) {
            check(tokenId);
            if (tokenId != bos()) {
                text.appendCodePoint(codePoints[tokenId]);
            }
        }
        return text.toString();
    }

    /**
     * One token for people to read.
     *
     * @param tokenId an id in [0, vocabSize)
     * @return its character, or "&lt;BOS&gt;"
     * @throws IllegalArgumentException if the id is not in [0, vocabSize)
     */
    public String symbol(int tokenId) {
        check(tokenId);
        return tokenId == bos() ? "<BOS>" : Character.toString(codePoints[tokenId]);
    }

    /** Two tokenizers are equal if they have the same vocabulary. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Tokenizer tokenizer && Arrays.equals(codePoints, tokenizer.codePoints);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(codePoints);
    }

    /** Size and characters, such as {@code Tokenizer[vocabSize=3: "ab"]}. */
    @Override
    public String toString() {
        return "Tokenizer[vocabSize=" + vocabSize() + ": " + Readable.quote(vocabulary(), LONGEST_QUOTE) + "]";
    }

    private void check(int tokenId) {
        if (tokenId < 0 || tokenId >= vocabSize()) {
            throw new IllegalArgumentException("tokenId " + tokenId + " is not in [0, " + vocabSize() + ")");
        }
    }

    private static boolean isSurrogate(int codePoint) {
        return Character.getType(codePoint) == Character.SURROGATE;
    }
}
