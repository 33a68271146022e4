package dev.microgpt.playground;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.teavm.extension.spi.resources.ResourcesPolicy;

/** Which files of the class path go into the page's program: lists and numbers, and the sources whose lines are answers. */
public final class PageResources implements ResourcesPolicy {
    @Override
    public String[] supplyResources(Collection<? extends String> names) {
        Collection<String> resources =
                new TreeSet<>(List.of("dev/microgpt/text/given-names.txt", "dev/microgpt/version.txt"));
        for (String measured : Path.of("target", "classes", "dev", "microgpt", "playground")
                .toFile()
                .list()) {
            if (measured.endsWith(".csv")) {
                resources.add("dev/microgpt/playground/" + measured);
            }
        }
        Stream<LoopLines.Quote> loop = Stream.of("0", "1", "2", "3", "4", "5", "early")
                .flatMap(stage -> LoopLines.sources(stage).stream())
                .flatMap(source -> source.quotes().stream());
        Stream<LoopLines.Quote> network =
                IntStream.rangeClosed(2, 5).boxed().flatMap(stage -> NetworkLines.quotes(stage).values().stream());
        Stream.concat(loop, network)
                .forEach(quote -> resources.add("dev/microgpt/playground/source/dev/microgpt/" + quote.file()));
        return resources.toArray(String[]::new);
    }
}
