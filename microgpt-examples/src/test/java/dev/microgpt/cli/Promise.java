package dev.microgpt.cli;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the comment after a statement says that the statement does.
 *
 * <ul>
 *   <li>{@code // SomeException: message}, which may go on in comments on the next lines: it throws exactly that
 *   <li>{@code // value}, {@code // value in other words} or {@code // reason = value}, where the value is a number, a string,
 *       an array, a list or a truth value: that is the value of the expression or of the declared variable. Numbers have all
 *       digits that are printed; 16 is also 16.0
 *   <li>other words promise nothing
 * </ul>
 *
 * @param outcome the exception or the value, as {@link #outcome(Object)} writes it
 */
record Promise(boolean isException, String outcome) {
    private static final Pattern COMMENT = Pattern.compile(" *//(?<first>.*)(?<next>(\n *//.*)*)");
    private static final Pattern EXCEPTION = Pattern.compile("[A-Z]\\w*(Exception|Error)\\b.*");
    private static final Pattern NUMBER = Pattern.compile("-?\\d+(,\\d{3})*(\\.\\d+)?([eE]-?\\d+)?");
    private static final String LITERAL = NUMBER + "|\"[^\"]*\"|\\[.*?]|true|false";
    private static final Pattern VALUE =
            Pattern.compile("(?<value>" + LITERAL + ")([,;:]? .*)?|.* = (?<last>" + LITERAL + ")");

    /** The promise in the comment that begins after the statement, if there is one. */
    static Optional<Promise> after(String code, int end) {
        Matcher comment = COMMENT.matcher(code).region(end, code.length());
        if (!comment.lookingAt()) {
            return Optional.empty();
        }
        String first = comment.group("first").strip();
        Matcher value = VALUE.matcher(first);
        if (EXCEPTION.matcher(first).matches()) {
            String next = comment.group("next").replaceAll("\\s*// *", " ").stripTrailing();
            return Optional.of(new Promise(true, first + next));
        } else if (value.matches()) {
            String literal = value.group("value") == null ? value.group("last") : value.group("value");
            return Optional.of(new Promise(false, withoutPadding(literal)));
        }
        return Optional.empty();
    }

    /** A value or an exception, as comments write it. */
    static String outcome(Object result) {
        if (result instanceof Throwable thrown) {
            return thrown.getClass().getSimpleName() + ": " + thrown.getMessage();
        } else if (result instanceof String string) {
            return '"' + string + '"';
        }
        String text = Arrays.deepToString(new Object[] {result}); // for arrays their elements
        return withoutPadding(text.substring(1, text.length() - 1));
    }

    /** A number without the zeros and commas that do not change it; any other text as it is. */
    private static String withoutPadding(String text) {
        return NUMBER.matcher(text).matches()
                ? new BigDecimal(text.replace(",", "")).stripTrailingZeros().toString()
                : text;
    }
}
