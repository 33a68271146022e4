package dev.microgpt.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.microgpt.text.Documents;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataSourceTest {
    @TempDir
    private Path folder;

    @Test
    void reads_a_file() throws Exception {
        Path file = Files.writeString(folder.resolve("list.txt"), "zoé\n\nanna\n");

        assertThat(DataSource.read(file.toString())).containsExactly("zoé", "anna");
    }

    @Test
    void knows_the_embedded_names() {
        assertThat(DataSource.read("given-names").asList())
                .isEqualTo(Documents.givenNames().asList());
    }

    @Test
    void knows_the_public_classes_of_the_jdk() {
        List<String> names = DataSource.read("jdk-classes").asList();

        assertThat(names)
                .contains("String", "Override", HttpClient.class.getSimpleName(), "ResultSet")
                .doesNotContain("StringLatin1", "AbstractStringBuilder", "Entry", "module-info", "package-info")
                .isSorted()
                .doesNotHaveDuplicates()
                .allMatch(name -> name.matches("\\w+"))
                .hasSizeGreaterThan(3_000);
    }

    @Test
    void reads_standard_input() {
        assertThat(readFromStandardInput("zoé\n anna \n".getBytes(StandardCharsets.UTF_8)))
                .containsExactly("zoé", "anna");
    }

    @Test
    void names_what_is_wrong() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DataSource.read("karpaty"))
                .withMessage(
                        "option --data karpaty is neither a file that exists nor given-names, karpathy, jdk-classes"
                                + " or - for standard input");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DataSource.read(folder.toString()))
                .withMessageStartingWith("option --data " + folder + " is neither a file that exists nor ");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DataSource.read("a\0b"))
                .withMessage("option --data a\0b cannot be the name of a file");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> readFromStandardInput((byte) '\n'))
                .withMessage("standard input contains no document: there is no line that is not blank");
        assertThatThrownBy(() -> readFromStandardInput((byte) 'a', (byte) 0xFF))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessage("standard input, line 1: byte 0xFF at offset 1 of the stream is not valid UTF-8");
    }

    private static Documents readFromStandardInput(byte... bytes) {
        InputStream console = System.in;
        System.setIn(new ByteArrayInputStream(bytes));
        try {
            return DataSource.read("-");
        } finally {
            System.setIn(console);
        }
    }
}
