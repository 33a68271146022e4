package dev.microgpt;

import dev.microgpt.autograd.Tape;
import dev.microgpt.optim.Parameters;
import dev.microgpt.text.Documents;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Another JVM with this module and its tests on the class path, to be killed or kept short of memory. */
final class ChildJvm {
    private ChildJvm() {}

    /** Starts a class of the tests; its output goes where that of the tests goes. */
    static Process start(List<String> jvmOptions, Class<?> main, String... arguments) {
        List<Path> classPath =
                new ArrayList<>(List.of(Path.of("target", "classes"), Path.of("target", "test-classes")));
        List<String> command = new ArrayList<>();
        try {
            for (Class<?> type : List.of(Documents.class, Parameters.class, Tape.class)) {
                classPath.add(Path.of(
                        type.getProtectionDomain().getCodeSource().getLocation().toURI()));
            }
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(jvmOptions);
            command.add("-cp");
            command.add(classPath.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)));
            command.add(main.getName());
            command.addAll(List.of(arguments));
            return new ProcessBuilder(command).inheritIO().start();
        } catch (IOException | URISyntaxException e) {
            throw new AssertionError(e);
        }
    }
}
