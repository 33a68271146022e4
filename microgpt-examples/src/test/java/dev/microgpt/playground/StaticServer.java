package dev.microgpt.playground;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Any server of files. */
final class StaticServer implements AutoCloseable {
    private static final Map<String, String> TYPES =
            Map.of("html", "text/html", "js", "text/javascript", "css", "text/css", "svg", "image/svg+xml");

    private final Path folder;
    private final String path;
    private final String wasm;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();

    /** Serves a folder below a path, which begins and ends with a slash; {@code wasm}: the type of such files. */
    StaticServer(Path folder, String path, String wasm) throws IOException {
        this.wasm = wasm;
        this.folder = folder;
        this.path = path;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext(path, this::handle);
        server.start();
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String name = exchange.getRequestURI().getPath().substring(path.length());
            Path file = folder.resolve(name.isEmpty() ? "index.html" : name).normalize();
            if (!file.startsWith(folder) || !Files.isRegularFile(file)) {
                exchange.sendResponseHeaders(404, -1);
                return;
            }
            byte[] content = Files.readAllBytes(file);
            exchange.getResponseHeaders().set("Content-Type", type(file.toString()));
            exchange.sendResponseHeaders(200, content.length == 0 ? -1 : content.length);
            exchange.getResponseBody().write(content);
        }
    }

    private String type(String file) {
        String extension = file.substring(file.lastIndexOf('.') + 1);
        return extension.equals("wasm") ? wasm : TYPES.getOrDefault(extension, "text/plain");
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
