package dev.microgpt.playground;

import dev.microgpt.bigram.NGram;
import dev.microgpt.text.Context;
import dev.microgpt.text.Documents;
import dev.microgpt.text.Tokenizer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The counts of a list that is small enough to count by hand: looked up by reading all of it. */
final class SmallCounts {
    private final Tokenizer tokenizer;
    private final List<int[]> documents;

    SmallCounts(Documents documents, Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
        this.documents = documents.stream().map(tokenizer::encodeDocument).toList();
    }

    /** The last tokens of BOS and what is given, at most so many. */
    int[] context(int[] given, int most) {
        int[] tokens = IntStream.concat(IntStream.of(tokenizer.bos()), Arrays.stream(given))
                .toArray();
        return Arrays.copyOfRange(tokens, Math.max(0, tokens.length - most), tokens.length);
    }

    String symbol(int token) {
        return token == tokenizer.bos()
                ? "BOS"
                : Classroom.label(tokenizer.symbol(token).codePointAt(0));
    }

    /** A context for labels, from its token at {@code from} on. */
    String text(int[] context, int from) {
        return Arrays.stream(context).skip(from).mapToObj(this::symbol).collect(Collectors.joining(" "));
    }

    /** How often a token came after a context. */
    int count(int[] context, int token) {
        return before(context, token).length;
    }

    /** After how many different tokens a token came with the context without its first token. */
    int continuations(int[] context, int token) {
        int[] before = before(Arrays.copyOfRange(context, 1, context.length), token);
        return (int) Arrays.stream(before).distinct().count();
    }

    /** The token before each place where context and token stand, −1 at the beginning. */
    private int[] before(int[] context, int token) {
        int[] ngram =
                IntStream.concat(Arrays.stream(context), IntStream.of(token)).toArray();
        return documents.stream()
                .flatMapToInt(tokens -> IntStream.rangeClosed(0, tokens.length - ngram.length)
                        .filter(i -> Arrays.equals(tokens, i, i + ngram.length, ngram, 0, ngram.length))
                        .filter(i -> i > 0 || ngram.length > 1) // the first BOS is no token that came
                        .map(i -> i == 0 ? -1 : tokens[i - 1]))
                .toArray();
    }

    /** What the model says after BOS and what is given. */
    static double[] probabilities(NGram model, int... given) {
        Context context = model.newContext();
        double[] logits = context.next(model.tokenizer().bos());
        for (int token : given) {
            logits = context.next(token);
        }
        return Arrays.stream(logits).map(Math::exp).toArray();
    }
}
