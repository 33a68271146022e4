package dev.microgpt.playground;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.microgpt.frame.Output;
import dev.microgpt.text.Documents;
import java.awt.AWTError;
import java.awt.Desktop;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The playground: a web page for each stage, whose pictures are computed by the library on the reader's own data. It
 * listens on this machine only, answers only its own pages, and needs no network.
 *
 * <pre>{@code
 * try (Playground playground = Playground.start(Documents.givenNames(), 0)) {
 *     System.out.println(playground.address()); // http://127.0.0.1:41873/
 *     ...
 * }
 * }</pre>
 */
public final class Playground implements AutoCloseable {
    private static final String CONTENT_SECURITY = "default-src 'none'; script-src 'self'; style-src 'self';"
            + " img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    static {
        // read once, when the JDK's server is loaded
        System.setProperty("sun.net.httpserver.nodelay", "true");
        System.setProperty("sun.net.httpserver.maxReqTime", "" + Limits.REQUEST_SECONDS);
    }

    private final HttpServer server;
    private final ThreadPoolExecutor threads;
    private final HttpApi api;

    private Playground(Documents documents, int port) throws IOException {
        api = new HttpApi(Api.of(documents));
        threads = new ThreadPoolExecutor(
                Limits.THREADS, Limits.THREADS, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), work -> {
                    Thread thread = new Thread(work, "playground");
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    /**
     * Starts a playground.
     *
     * @param documents what the pages show and the models learn
     * @param port where it listens on the loopback address, in [0, 65535]; 0 takes any that is free
     * @return the playground, which answers until it is closed
     * @throws IllegalArgumentException if the port is out of range or the documents have too many different characters
     * @throws UncheckedIOException if the port is taken
     */
    public static Playground start(Documents documents, int port) {
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("port " + port + " is not in [0, 65535]");
        }
        try {
            return new Playground(documents, port);
        } catch (IOException e) {
            throw new UncheckedIOException("port " + port + " cannot be used: " + e.getMessage(), e);
        }
    }

    /**
     * Starts a playground and prints its address. It runs until the process is ended.
     *
     * @param documents as of {@link #start}
     * @param port as of {@link #start}
     * @param open whether to open it in the browser
     */
    public static void run(Documents documents, int port, boolean open) {
        @SuppressWarnings("resource") // it runs until the process is ended
        Playground playground = start(documents, port);
        Output out = new Output();
        out.line("the playground is at %s", playground.address());
        out.line("end it with Ctrl-C");
        if (open && !open(playground.address())) {
            out.line("there is no browser that could be opened from here");
        }
    }

    private static boolean open(URI address) {
        try {
            if (Desktop.isDesktopSupported() && Desktop.getDesktop().isSupported(Desktop.Action.BROWSE)) {
                Desktop.getDesktop().browse(address);
                return true;
            }
            return false;
        } catch (IOException | UnsupportedOperationException | AWTError e) {
            return false; // an AWTError: DISPLAY names a screen that is not there
        }
    }

    /**
     * Where the playground is.
     *
     * @return such as {@code http://127.0.0.1:41873/}
     */
    public URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
    }

    /** How many trainings run now. */
    int trainings() {
        return api.trainings();
    }

    /** Stops listening, and stops the trainings at their next step. */
    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Headers headers = exchange.getResponseHeaders();
            headers.set("Content-Security-Policy", CONTENT_SECURITY);
            headers.set("Cross-Origin-Resource-Policy", "same-origin");
            headers.set("X-Content-Type-Options", "nosniff");
            headers.set("Referrer-Policy", "no-referrer");
            headers.set("Cache-Control", "no-store");
            try {
                requireOwnPage(exchange.getRequestHeaders());
                if (exchange.getRequestURI().getRawPath().startsWith(HttpApi.PATH)) {
                    api.handle(exchange);
                } else {
                    Resources.handle(exchange);
                }
            } catch (Rejection e) {
                reject(exchange, e.status(), e.getMessage());
            } catch (IllegalArgumentException e) {
                reject(exchange, 400, e.getMessage());
            } catch (RuntimeException e) {
                System.getLogger(Playground.class.getName())
                        .log(Level.ERROR, "no answer to " + exchange.getRequestURI(), e);
                reject(exchange, 500, "the playground failed at this; its log says how");
            }
        }
    }

    /** Another page, or a name that was made to lead here, shall not drive the playground. */
    private void requireOwnPage(Headers headers) {
        String port = ":" + server.getAddress().getPort();
        List<String> hosts = List.of("127.0.0.1" + port, "localhost" + port);
        String host = only("Host", headers);
        if (host == null || !hosts.contains(host)) {
            throw new Rejection(403, "host " + host + " is not one of " + String.join(", ", hosts));
        }
        String origin = only("Origin", headers);
        if (origin != null && !origin.equals("http://" + host)) {
            throw new Rejection(403, "origin " + origin + " is not http://" + host);
        }
    }

    /** A header's value, or null; if it came twice, one that nothing is equal to. */
    private static String only(String name, Headers headers) {
        List<String> values = headers.get(name);
        return values == null ? null : String.join(", ", values);
    }

    private static void reject(HttpExchange exchange, int status, String message) throws IOException {
        if (exchange.getResponseCode() < 0) { // else an answer is on its way
            HttpApi.send(exchange, status, Map.of("error", message));
        }
    }
}
