package dev.microgpt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rooms of this module: which may use which, and how large their doors may get. Reads the compiled classes. */
class HouseTest {
    private static final Path CLASSES = Path.of("target", "classes");

    /** A room, and those that it may use. None of these ways leads back: see the test. */
    private static final Map<String, Set<String>> WAYS = Map.of(
            "dev.microgpt",
                    Set.of(
                            "dev.microgpt.evaluation",
                            "dev.microgpt.pattern",
                            "dev.microgpt.safetensors",
                            "dev.microgpt.transformer",
                            "dev.microgpt.transformer.vector"),
            "dev.microgpt.evaluation", Set.of("dev.microgpt.safetensors"),
            "dev.microgpt.pattern", Set.of(),
            "dev.microgpt.safetensors", Set.of(),
            "dev.microgpt.transformer",
                    Set.of(
                            "dev.microgpt.transformer.array",
                            "dev.microgpt.transformer.graph",
                            "dev.microgpt.transformer.kernels",
                            "dev.microgpt.transformer.vector"),
            "dev.microgpt.transformer.array", Set.of("dev.microgpt.transformer.kernels"),
            "dev.microgpt.transformer.graph", Set.of("dev.microgpt.transformer.array"),
            "dev.microgpt.transformer.kernels", Set.of(),
            "dev.microgpt.transformer.vector",
                    Set.of("dev.microgpt.transformer.array", "dev.microgpt.transformer.kernels"));

    private static final Pattern NAME_IN_CLASS_FILE = Pattern.compile("dev/microgpt/(?:[a-z]+/)*(?=[A-Z])");

    @Test
    void every_class_uses_only_rooms_that_its_own_may_use() throws IOException {
        Map<String, Set<String>> used = used();

        assertThat(used.keySet()).isEqualTo(WAYS.keySet());
        used.forEach(
                (room, others) -> assertThat(others).as("what %s uses", room).isSubsetOf(WAYS.get(room)));
    }

    @Test
    void no_way_leads_back() {
        Set<String> open = new HashSet<>(WAYS.keySet());
        while (open.removeIf(room -> WAYS.get(room).stream().noneMatch(open::contains))) {
            assertThat(open).hasSizeLessThan(WAYS.size());
        }
        assertThat(open).as("rooms on a circle").isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"dev.microgpt, 8", "dev.microgpt.evaluation, 4", "dev.microgpt.transformer, 9"})
    void an_exported_package_has_few_public_types(String name, int most) throws IOException {
        try (Stream<Path> files = Files.list(CLASSES.resolve(name.replace('.', '/')))) {
            List<String> exported = files.map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(".class") && !file.contains("$") && !file.startsWith("package-info"))
                    .map(file -> name + "." + file.substring(0, file.length() - ".class".length()))
                    .filter(HouseTest::isPublic)
                    .toList();

            assertThat(exported).hasSizeLessThanOrEqualTo(most);
        }
    }

    @Test
    void the_front_door_has_few_members() {
        assertThat(Arrays.stream(MicroGpt.class.getDeclaredMethods())
                        .filter(method -> Modifier.isPublic(method.getModifiers()))
                        .filter(method -> !method.getName().equals("toString"))
                        .map(method -> method.getName() + Arrays.toString(method.getParameterTypes())))
                .hasSizeLessThanOrEqualTo(26);
    }

    private static boolean isPublic(String name) {
        try {
            return Modifier.isPublic(
                    Class.forName(name, false, HouseTest.class.getClassLoader()).getModifiers());
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }

    /** Of each room of this module the other ones that its classes name. */
    private static Map<String, Set<String>> used() throws IOException {
        Map<String, Set<String>> used = new TreeMap<>();
        try (Stream<Path> files = Files.walk(CLASSES.resolve("dev"))) {
            for (Path file :
                    files.filter(file -> file.toString().endsWith(".class")).toList()) {
                if (!file.endsWith("package-info.class")) {
                    String room = CLASSES.relativize(file.getParent())
                            .toString()
                            .replace('/', '.')
                            .replace('\\', '.');
                    used.computeIfAbsent(room, key -> new TreeSet<>()).addAll(named(file));
                }
            }
        }
        used.forEach((room, others) -> {
            others.retainAll(WAYS.keySet()); // the rest are other modules'
            others.remove(room);
        });
        return used;
    }

    private static Set<String> named(Path classFile) throws IOException {
        Matcher names =
                NAME_IN_CLASS_FILE.matcher(new String(Files.readAllBytes(classFile), StandardCharsets.ISO_8859_1));
        Set<String> packages = new TreeSet<>();
        while (names.find()) {
            packages.add(names.group().substring(0, names.group().length() - 1).replace('/', '.'));
        }
        return packages;
    }
}
