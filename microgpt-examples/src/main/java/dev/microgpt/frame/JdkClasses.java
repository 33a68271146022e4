package dev.microgpt.frame;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor.Exports;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReader;
import java.lang.module.ModuleReference;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Real data that is on every reader's machine: how the classes of the JDK are called. */
final class JdkClasses {
    private JdkClasses() {}

    /** The simple names of all public top-level types that a module of the running JDK exports; each once, sorted. */
    static List<String> names() {
        SortedSet<String> names = new TreeSet<>();
        for (ModuleReference module : ModuleFinder.ofSystem().findAll()) {
            Set<String> exported = module.descriptor().exports().stream()
                    .filter(exports -> !exports.isQualified())
                    .map(Exports::source)
                    .collect(Collectors.toSet());
            try (ModuleReader reader = module.open()) {
                for (String file : reader.list().toList()) {
                    int slash = file.lastIndexOf('/');
                    if (slash > 0
                            && file.endsWith(".class")
                            && file.indexOf('$') < 0
                            && exported.contains(file.substring(0, slash).replace('/', '.'))
                            && isPublic(reader, file)) {
                        names.add(file.substring(slash + 1, file.length() - ".class".length()));
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(
                        "module " + module.descriptor().name() + " cannot be read: " + e.getMessage(), e);
            }
        }
        return List.copyOf(names);
    }

    /** Reads the access flags, which stand after the constants: Java Virtual Machine Specification, chapter 4. */
    private static boolean isPublic(ModuleReader reader, String file) throws IOException {
        try (InputStream stream = reader.open(file).orElseThrow();
                DataInputStream in = new DataInputStream(new BufferedInputStream(stream))) {
            in.skipNBytes(8); // magic, version
            int constants = in.readUnsignedShort();
            for (int i = 1; i < constants; i++) {
                int tag = in.readUnsignedByte();
                switch (tag) {
                    case 1 -> in.skipNBytes(in.readUnsignedShort()); // a string
                    case 7, 8, 16, 19, 20 -> in.skipNBytes(2);
                    case 15 -> in.skipNBytes(3);
                    case 5, 6 -> { // a long or double counts as two
                        in.skipNBytes(8);
                        i++;
                    }
                    default -> in.skipNBytes(4);
                }
            }
            return Modifier.isPublic(in.readUnsignedShort());
        }
    }
}
