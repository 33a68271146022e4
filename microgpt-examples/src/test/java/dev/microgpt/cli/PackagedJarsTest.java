package dev.microgpt.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is in the jars beside classes; the phase package builds them. */
@Tag("proof")
class PackagedJarsTest {
    private static final Path REPOSITORY = Path.of("..");

    @ParameterizedTest
    @ValueSource(strings = {"autograd", "bigram", "examples", "mlp", "optim", "transformer"})
    void a_published_jar_has_the_license_and_nothing_of_the_build(String module) throws IOException {
        try (JarFile jar = new JarFile(moduleJar("microgpt-" + module).toFile())) {
            assertThat(text(jar, "META-INF/LICENSE")).isEqualTo(Files.readString(REPOSITORY.resolve("LICENSE")));
            assertThat(jar.getEntry("META-INF/jpms.args")).isNull();
        }
    }

    @Test
    void the_runnable_jar_has_the_license_and_those_of_what_is_in_it() throws IOException {
        try (JarFile jar = new JarFile(Path.of("target", "microgpt.jar").toFile())) {
            assertThat(text(jar, "META-INF/LICENSE")).isEqualTo(Files.readString(REPOSITORY.resolve("LICENSE")));
            assertThat(text(jar, "META-INF/resources/webjars/d3/7.9.0/LICENSE")).contains("Mike Bostock");
            assertThat(text(jar, "META-INF/THIRD-PARTY.md")).contains("picocli", "d3");
            assertThat(Pattern.compile("`(META-INF/[^`]+)`")
                            .matcher(text(jar, "META-INF/THIRD-PARTY.md"))
                            .results()
                            .map(match -> match.group(1)))
                    .allSatisfy(name -> assertThat(jar.getEntry(name)).as(name).isNotNull());
            assertThat(jar.getEntry("META-INF/jpms.args")).isNull();
            assertThat(packages(jar))
                    .as("packages; each that is not ours stands in META-INF/THIRD-PARTY.md")
                    .containsOnly("dev/microgpt", "picocli");
        }
    }

    private static List<String> packages(JarFile jar) {
        return jar.stream()
                .map(ZipEntry::getName)
                .filter(name -> name.endsWith(".class"))
                .map(name -> name.replaceFirst("^META-INF/versions/\\d+/", ""))
                .map(name -> name.replaceFirst("^(picocli|dev/microgpt)/.*", "$1"))
                .distinct()
                .toList();
    }

    private static Path moduleJar(String module) throws IOException {
        try (var jars = Files.newDirectoryStream(REPOSITORY.resolve(module).resolve("target"), module + "-*.jar")) {
            return jars.iterator().next();
        }
    }

    private static String text(JarFile jar, String entry) throws IOException {
        assertThat(jar.getEntry(entry)).as(entry).isNotNull();
        try (InputStream in = jar.getInputStream(jar.getEntry(entry))) {
            return new String(in.readAllBytes());
        }
    }
}
