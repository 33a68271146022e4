package dev.microgpt.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What a reader of a source has to read. */
final class LinesOfCode {
    private LinesOfCode() {}

    /** All lines but blank ones and comments that have a line of their own. */
    static List<String> of(Path source) throws IOException {
        List<String> code = new ArrayList<>();
        boolean comment = false;
        for (String line : Files.readAllLines(source)) {
            String text = line.strip();
            comment |= text.startsWith("/*");
            if (!comment && !text.isEmpty() && !text.startsWith("//")) {
                code.add(text);
            }
            comment &= !text.contains("*/");
        }
        return code;
    }
}
