package dev.microgpt.playground;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The files of the playground, from the class path. A name has no folder in it, so it cannot leave the playground's own. */
final class Resources {
    private static final String D3 = "/META-INF/resources/webjars/d3/7.9.0/dist/d3.min.js"; // the version in the pom
    private static final Pattern OWN = Pattern.compile("/[a-z0-9-]+\\.(html|css|js|svg)");
    private static final Pattern SOURCE = Pattern.compile("/source/dev/microgpt/(?:[a-z]+/)*[A-Za-z0-9-]+\\.java");
    private static final Pattern CHAPTER = Pattern.compile("/docs/[0-9a-z-]+\\.md");
    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "svg", "image/svg+xml",
            "java", "text/plain; charset=utf-8",
            "md", "text/plain; charset=utf-8");

    private Resources() {}

    static void handle(HttpExchange exchange) throws IOException {
        String method = exchange.getRequestMethod();
        if (!method.equals("GET") && !method.equals("HEAD")) {
            throw new Rejection(405, "method " + method + " is not GET or HEAD");
        }
        String path = exchange.getRequestURI().getRawPath();
        try (InputStream in = open(path.equals("/") ? "/index.html" : path)) {
            if (in == null) {
                throw new Rejection(404, "there is no page " + path);
            }
            byte[] content = in.readAllBytes();
            String extension = path.substring(path.lastIndexOf('.') + 1);
            exchange.getResponseHeaders().set("Content-Type", TYPES.getOrDefault(extension, TYPES.get("html")));
            HttpApi.write(exchange, 200, content);
        }
    }

    /** The file of a path, or null. */
    static InputStream open(String path) {
        if (path.equals("/d3.min.js")) {
            return Resources.class.getResourceAsStream(D3);
        }
        boolean known = Stream.of(OWN, SOURCE, CHAPTER)
                .anyMatch(pattern -> pattern.matcher(path).matches());
        return known ? Resources.class.getResourceAsStream("/dev/microgpt/playground" + path) : null;
    }
}
