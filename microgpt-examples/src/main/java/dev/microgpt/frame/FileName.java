package dev.microgpt.frame;

import java.util.Map;
import java.util.stream.Stream;

/** What to say of a text that Java does not take for the name of a file. */
public final class FileName {
    private FileName() {}

    /**
     * Says that a text cannot be the name of a file, and the cure where the locale is to blame.
     *
     * @param name the text
     * @return such as {@code a?b cannot be the name of a file}
     */
    public static String unusable(String name) {
        return unusable(name, System.getProperty("sun.jnu.encoding", "UTF-8"), System.getenv());
    }

    static String unusable(String name, String encoding, Map<String, String> environment) {
        boolean ascii = name.chars().allMatch(c -> c > 0 && c < 0x80);
        if (ascii || name.indexOf(0) >= 0 || encoding.equals("UTF-8")) {
            return name + " cannot be the name of a file";
        }
        String locale = Stream.of("LC_ALL", "LC_CTYPE", "LANG")
                .filter(variable -> !environment.getOrDefault(variable, "").isEmpty())
                .map(variable -> variable + "=" + environment.get(variable))
                .findFirst()
                .orElse("no LC_ALL and no LANG");
        return name + " cannot be the name of a file with " + locale + ", which means " + encoding
                + "; with LC_ALL=C.UTF-8 it can";
    }
}
