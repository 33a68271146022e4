package dev.microgpt.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.microgpt.testing.Golden;
import dev.microgpt.testing.NamesFile;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DocumentsTest {

    @TempDir
    private Path folder;

    @Test
    void reads_lines_whatever_ends_them() {
        Path file = file("anna\nbob\r\ncleo\rdora");

        assertThat(Documents.read(file)).containsExactly("anna", "bob", "cleo", "dora");
    }

    @Test
    void strips_lines_and_skips_blank_ones() {
        Path file = file("\n  anna \t\n\n \t \r\n\u2003bob maria\u2003\n\n");

        assertThat(Documents.read(file)).containsExactly("anna", "bob maria");
    }

    /** {@code [c for c in range(0x110000) if chr(c).isspace()]} in Python 3. */
    @Test
    void strips_what_python_strips() {
        Set<Integer> blanks = Set.of(
                0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x1C, 0x1D, 0x1E, 0x1F, 0x20, 0x85, 0xA0, 0x1680, 0x2000, 0x2001, 0x2002,
                0x2003, 0x2004, 0x2005, 0x2006, 0x2007, 0x2008, 0x2009, 0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000);

        for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
            String around = Character.toString(c);
            assertThat(Documents.strip(around + "a" + around + "b" + around))
                    .as("U+%04X", c)
                    .isEqualTo(blanks.contains(c) ? "a" + around + "b" : around + "a" + around + "b" + around);
        }
        assertThat(Documents.of("\u00A0anna\u202F", "\u2007\u0085")).containsExactly("anna");
        assertThat(Documents.strip("\u00A0 ")).isEmpty();
    }

    @Test
    void drops_a_byte_order_mark_at_the_start_only() {
        Path file = file("\uFEFFanna\n\uFEFFbob");

        assertThat(Documents.read(file)).containsExactly("anna", "\uFEFFbob");
        assertThat(Documents.of("\uFEFF anna", "bob")).containsExactly("anna", "bob");
        assertThat(Documents.of("\uFEFF", "bob")).containsExactly("bob");
    }

    @Test
    void keeps_characters_of_every_length_in_utf8() {
        Path file = file("zoé\n李\n🙂🙃");

        assertThat(Documents.read(file)).containsExactly("zoé", "李", "🙂🙃");
    }

    @Test
    void takes_documents_from_memory_in_order() {
        Documents documents = Documents.of(" b ", "", "a", "a");

        assertThat(documents).containsExactly("b", "a", "a");
        assertThat(documents.asList()).isEqualTo(List.of("b", "a", "a"));
        assertThat(documents.stream()).containsExactly("b", "a", "a");
        assertThat(Documents.of(new ArrayDeque<>(List.of(" b ", "", "a", "a")))).containsExactly("b", "a", "a");
        assertThat(documents.size()).isEqualTo(3);
        assertThat(documents.get(0)).isEqualTo("b");
    }

    @Test
    void comes_with_given_names() {
        Documents names = Documents.givenNames();

        assertThat(names.size()).isEqualTo(3037);
        assertThat(names.asList()).isSorted().doesNotHaveDuplicates().startsWith("aaliyah");
        assertThat(names).allMatch(name -> name.matches("[a-z]+"));
    }

    @Test
    void names_a_missing_file() {
        Path file = folder.resolve("missing.txt");

        assertThatThrownBy(() -> Documents.read(file))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessage("file " + file + " does not exist")
                .hasCauseInstanceOf(NoSuchFileException.class);
    }

    @Test
    void names_a_file_that_cannot_be_read() {
        assertThatThrownBy(() -> Documents.read(folder))
                .isInstanceOf(UncheckedIOException.class)
                .satisfies(e -> assertThat(e) // the reason is the operating system's
                        .hasMessage("file " + folder + " cannot be read: "
                                + e.getCause().getMessage()));
    }

    @Test
    void rejects_a_file_or_list_without_documents() {
        Path empty = file("");
        assertThatThrownBy(() -> Documents.read(empty))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("file " + empty + " contains no document: there is no line that is not blank");

        Path blank = file("\uFEFF \r\n\t\n");
        assertThatThrownBy(() -> Documents.read(blank))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("file " + blank + " contains no document: there is no line that is not blank");

        assertThatThrownBy(() -> Documents.of("", " "))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("documents has no text that is not blank");
    }

    @Test
    void names_line_and_byte_of_invalid_utf8() {
        Path file = file("zoé\r\nbo\r\ncleo\rx\nzo".getBytes(StandardCharsets.UTF_8), (byte) 0xE9, (byte) '\n');

        assertThatThrownBy(() -> Documents.read(file))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessage("file " + file + ", line 5: byte 0xE9 at offset 19 of the file is not valid UTF-8")
                .hasCauseInstanceOf(MalformedInputException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "UTF-16,   'UTF-16: save it as UTF-8'",
        "UTF-16LE, 'UTF-16: save it as UTF-8'",
        "UTF-16BE, 'UTF-16: save it as UTF-8'",
        "UTF-32LE, 'line 1: byte 0x00 at offset 1 of the file is in no text; is it UTF-16, or no text at all?'",
    })
    void names_other_encodings(Charset encoding, String what) {
        Path file = file("anna\nbob\ncleo\n".getBytes(encoding));

        assertRefused(file, what.startsWith("line") ? ", " + what : " looks like " + what);
    }

    @Test
    void names_byte_order_marks_of_other_encodings() {
        assertRefused(file("\uFEFF李\n".getBytes(StandardCharsets.UTF_16LE)), " looks like UTF-16: save it as UTF-8");
        assertRefused(file("\uFEFF李\n".getBytes(StandardCharsets.UTF_16BE)), " looks like UTF-16: save it as UTF-8");
        assertRefused(file("\uFEFFa".getBytes(Charset.forName("UTF-32LE"))), " looks like UTF-32: save it as UTF-8");
        assertRefused(file("\uFEFFa".getBytes(Charset.forName("UTF-32BE"))), " looks like UTF-32: save it as UTF-8");
    }

    @Test
    void names_archives() throws IOException {
        ByteArrayOutputStream gzip = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(gzip)) {
            out.write("anna\nbob\n".getBytes(StandardCharsets.UTF_8));
        }
        ByteArrayOutputStream zip = new ByteArrayOutputStream();
        try (ZipOutputStream out = new ZipOutputStream(zip)) {
            out.putNextEntry(new ZipEntry("names.txt"));
            out.write("anna\nbob\n".getBytes(StandardCharsets.UTF_8));
        }

        assertRefused(file(gzip.toByteArray()), " looks like gzip: unpack it");
        assertRefused(
                file(zip.toByteArray()),
                " looks like a zip archive, as documents of office programs are: unpack it, or save it as plain text");
        assertRefused(file("%PDF-1.7\n"), " looks like PDF: save it as plain text");
        assertThat(Documents.read(file("PK\n%PD\nBZh9\n"))).containsExactly("PK", "%PD", "BZh9");
    }

    @Test
    void names_line_and_byte_of_what_is_no_text() {
        assertRefused(
                file("anna\nbob\u0000\ncleo\ndora\nemma\n"),
                ", line 2: byte 0x00 at offset 8 of the file is in no text; is it UTF-16, or no text at all?");
        assertThatThrownBy(() -> Documents.of("anna", "b\u0000o\u0000b\u0000"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "text \"b\\u0000o\\u0000b\\u0000\" at index 1 has a NUL character (U+0000), which is in no text;"
                                + " was it UTF-16?");
    }

    private static void assertRefused(Path file, String message) {
        assertThatThrownBy(() -> Documents.read(file))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessage("file " + file + message);
    }

    @Test
    void reads_a_stream_as_a_file() {
        byte[] text = "\uFEFFanna\r\n\n bob ".getBytes(StandardCharsets.UTF_8);

        assertThat(Documents.read(new ByteArrayInputStream(text), "the list")).containsExactly("anna", "bob");
        assertThatThrownBy(() ->
                        Documents.read(new ByteArrayInputStream(new byte[] {'a', '\n', (byte) 0xE9}), "the list"))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessage("the list, line 2: byte 0xE9 at offset 2 of the stream is not valid UTF-8");
        assertThatThrownBy(() -> Documents.read(new ByteArrayInputStream(new byte[0]), "the list"))
                .hasMessage("the list contains no document: there is no line that is not blank");
    }

    @Test
    void names_line_and_byte_of_a_character_cut_off_by_the_end() {
        Path file = file("\n".getBytes(StandardCharsets.UTF_8), (byte) 0xF0, (byte) 0x9F);

        assertThatThrownBy(() -> Documents.read(file))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessage("file " + file + ", line 2: byte 0xF0 at offset 1 of the file is not valid UTF-8");
    }

    @Test
    void starts_again_after_the_last_step() {
        Documents documents = Documents.of("a", "b", "c");

        assertThat(documents.atStep(0)).isEqualTo("a");
        assertThat(documents.atStep(2)).isEqualTo("c");
        assertThat(documents.atStep(3)).isEqualTo("a");
        assertThat(documents.atStep(Long.MAX_VALUE)).isEqualTo("b"); // 2⁶³ − 1 ≡ 1 mod 3
    }

    @Test
    void rejects_an_index_or_step_outside_its_range() {
        Documents documents = Documents.of("a", "b", "c");

        assertThatThrownBy(() -> documents.get(3))
                .isInstanceOf(IndexOutOfBoundsException.class)
                .hasMessage("index 3 is not in [0, 3)");
        assertThatThrownBy(() -> documents.get(-1))
                .isInstanceOf(IndexOutOfBoundsException.class)
                .hasMessage("index -1 is not in [0, 3)");
        assertThatThrownBy(() -> documents.atStep(-1))
                .isInstanceOf(IndexOutOfBoundsException.class)
                .hasMessage("step -1 is not >= 0");
    }

    @Test
    void cannot_be_modified() {
        Documents documents = Documents.of("a");

        assertThatThrownBy(() -> documents.asList().add("b")).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> documents.iterator().remove()).isInstanceOf(Exception.class);
    }

    @Test
    void equals_the_same_documents_in_the_same_order() {
        Documents documents = Documents.of("a", "b");

        assertThat(documents)
                .isEqualTo(Documents.of(List.of(" a ", "", "b")))
                .hasSameHashCodeAs(Documents.of("a", "b"));
        assertThat(documents).isNotEqualTo(Documents.of("b", "a")).isNotEqualTo(List.of("a", "b"));
        assertThat(documents.equals(null)).isFalse();
    }

    @Test
    void prints_its_size_and_the_first_documents_on_one_line() {
        assertThat(Documents.givenNames())
                .asString()
                .isEqualTo("Documents[size=3037: \"aaliyah\", \"aaron\", \"aarushi\", …]");
        assertThat(Documents.of("a\u2028b", "x".repeat(21)))
                .asString()
                .isEqualTo("Documents[size=2: \"a\\u2028b\", \"" + "x".repeat(20) + "…\"]");
    }

    @Test
    void shuffles_a_copy_with_any_generator() {
        Documents documents = Documents.of("a", "b", "c", "d", "e", "f", "g", "h");

        Documents shuffled = documents.shuffled(new SplittableRandom(1));

        assertThat(shuffled.asList())
                .isNotEqualTo(documents.asList())
                .containsExactlyInAnyOrderElementsOf(documents.asList());
        assertThat(documents.asList()).isSorted();
    }

    @Test
    void puts_the_given_names_in_the_originals_order() {
        Golden golden = Golden.read("given-stage0");

        Documents shuffled = Documents.givenNames().shuffled(new PythonRandom(42));

        assertThat(shuffled.asList())
                .startsWith(golden.strings("first_documents").toArray(String[]::new));
        assertThat(shuffled.size()).isEqualTo((int) golden.number("documents"));
    }

    @Test
    void puts_names_txt_in_the_originals_order() {
        Path names = NamesFile.orAbort("the order of names.txt after the shuffle");
        Golden golden = Golden.read("stage0");

        Documents shuffled = Documents.read(names).shuffled(new PythonRandom(42));

        assertThat(shuffled.asList())
                .startsWith(golden.strings("first_documents").toArray(String[]::new));
        assertThat(shuffled.size()).isEqualTo((int) golden.number("documents"));
    }

    private Path file(String text) {
        return file(text.getBytes(StandardCharsets.UTF_8));
    }

    private Path file(byte[] start, byte... end) {
        byte[] bytes = new byte[start.length + end.length];
        System.arraycopy(start, 0, bytes, 0, start.length);
        System.arraycopy(end, 0, bytes, start.length, end.length);
        try {
            return Files.write(Files.createTempFile(folder, "documents", ".txt"), bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
