package dev.microgpt.cli;

import dev.microgpt.examples.OutputFile;
import java.nio.file.Path;

/** The page that {@code train --html} writes. */
final class HtmlReport {
    private HtmlReport() {}

    static void write(Path file, RunRecord run) {
        OutputFile.write(
                "html",
                file,
                "<!doctype html><meta charset=utf-8><title>microgpt</title><pre>"
                        + run.model().report().toString().replace("&", "&amp;").replace("<", "&lt;")
                        + "</pre>\n");
    }
}
