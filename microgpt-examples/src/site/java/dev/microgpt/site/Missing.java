package dev.microgpt.site;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.teavm.jso.JSBody;

/** Methods of the JDK that TeaVM's classes do not have; {@link Redirect} leads calls of them here. */
public final class Missing {
    private Missing() {}

    /** {@link Math#fma(double, double, double)}, but rounded twice: the golden numbers hold within their bounds. */
    public static double fma(double a, double b, double c) {
        return a * b + c;
    }

    /** {@link Math#fma(float, float, float)}. */
    public static float fma(float a, float b, float c) {
        return (float) ((double) a * b + c);
    }

    /** {@link Runtime#maxMemory}, which a page does not know. */
    public static long maxMemory(Runtime runtime) {
        return Long.MAX_VALUE;
    }

    /** {@link Character#toString(int)}. */
    public static String toString(int codePoint) {
        return new String(Character.toChars(codePoint));
    }

    /** {@link String#lines}. */
    public static Stream<String> lines(String text) {
        List<String> lines = Arrays.asList(text.split("\r\n|\r|\n", -1));
        boolean ended = lines.get(lines.size() - 1).isEmpty();
        return lines.subList(0, lines.size() - (ended ? 1 : 0)).stream();
    }

    /** What {@link java.text.Normalizer} does, by the browser. */
    @JSBody(
            params = {"text", "form"},
            script = "return text.normalize(form);")
    public static native String normalize(String text, String form);
}
