package dev.microgpt.frame;

import java.io.Console;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Text that may come from anybody, made harmless for a terminal: characters that command it, or turn the order of others around,
 * are shown instead of obeyed. Messages are always shown so, results where they go to a terminal; in a file or a pipe they stay data.
 */
public final class Visible {
    private static final int PICTURES = 0x2400; // of the control characters, in their order

    private Visible() {}

    /**
     * Shows control characters and directional formatting characters.
     *
     * @param text any text; line feeds and tabs in it stay
     * @return such as {@code ␛[2J} for an escape sequence, and {@code <U+202E>} for a change of direction
     */
    public static String text(String text) {
        int first = 0;
        while (first < text.length() && !isHidden(text.charAt(first))) {
            first++;
        }
        if (first == text.length()) {
            return text;
        }
        StringBuilder shown = new StringBuilder(text.substring(0, first));
        for (int i = first; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!isHidden(c)) {
                shown.append(c);
            } else if (c < ' ') {
                shown.append((char) (PICTURES + c));
            } else {
                shown.append(c == 0x7f ? "␡" : String.format(Locale.ROOT, "<U+%04X>", (int) c));
            }
        }
        return shown.toString();
    }

    /** None of them needs more than one char. */
    private static boolean isHidden(char c) {
        boolean control = Character.isISOControl(c) && c != '\n' && c != '\t';
        boolean direction =
                c == 0x061c || c == 0x200e || c == 0x200f || c >= 0x202a && c <= 0x202e || c >= 0x2066 && c <= 0x2069;
        return control || direction;
    }

    /**
     * For a result.
     *
     * @param text any text
     * @return the text as it is, or as of {@link #text} if standard output is a terminal
     */
    static String onTerminal(String text) {
        String shown = text(text);
        return shown.equals(text) || !isTerminal() ? text : shown; // to look for a terminal takes time
    }

    /**
     * For messages.
     *
     * @return a stream to standard error as it is now, in UTF-8, that shows every string as {@link #text} does
     */
    public static PrintStream err() {
        return new PrintStream(System.err, true, StandardCharsets.UTF_8) {
            @Override
            public void print(String text) {
                super.print(text(String.valueOf(text)));
            }
        };
    }

    /**
     * Whether standard output is a terminal.
     *
     * @return false as well where that cannot be told
     */
    public static boolean isTerminal() {
        Console console = System.console(); // none if standard input comes from elsewhere
        if (console == null) {
            return isTerminal(Path.of("/proc/self/fd/1"));
        }
        try {
            return (boolean)
                    Console.class.getMethod("isTerminal").invoke(console); // from Java 22 on, where not all are
        } catch (ReflectiveOperationException e) {
            return true;
        }
    }

    private static boolean isTerminal(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().matches("/dev/(pts/|tty|console).*");
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }
}
