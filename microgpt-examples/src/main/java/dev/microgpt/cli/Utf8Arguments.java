package dev.microgpt.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;

/** Arguments as they were typed: where the environment is not UTF-8 (as in most containers), Java loses the letter é. */
final class Utf8Arguments {
    private static final Path COMMAND_LINE = Path.of("/proc/self/cmdline"); // of Linux: NUL after each argument

    private Utf8Arguments() {}

    static String[] of(String... args) {
        if (System.getProperty("sun.jnu.encoding", "UTF-8").equals("UTF-8") || !Files.isReadable(COMMAND_LINE)) {
            return args;
        }
        try {
            return decode(args, Files.readAllBytes(COMMAND_LINE));
        } catch (IOException e) {
            return args;
        }
    }

    /** The last arguments of the command line in UTF-8, if they are the given ones except for bytes beyond ASCII. */
    static String[] decode(String[] args, byte... commandLine) {
        String[] typed = new String(commandLine, StandardCharsets.ISO_8859_1).split("\0", -1); // "" after the last NUL
        String[] decoded = new String[args.length];
        for (int i = 0; i < args.length; i++) {
            int index = typed.length - 1 - args.length + i;
            if (index < 0 || !isSame(typed[index], args[i])) {
                return args;
            }
            decoded[i] = new String(typed[index].getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        }
        return decoded;
    }

    private static boolean isSame(String typed, String arg) {
        return typed.length() == arg.length()
                && IntStream.range(0, arg.length())
                        .allMatch(i -> typed.charAt(i) > 0x7F || typed.charAt(i) == arg.charAt(i));
    }
}
