package dev.microgpt.site;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.teavm.extension.spi.resources.ResourcesPolicy;
import org.teavm.tooling.ConsoleTeaVMToolLog;
import org.teavm.tooling.TeaVMProblemRenderer;
import org.teavm.tooling.TeaVMTargetType;
import org.teavm.tooling.TeaVMTool;
import org.teavm.vm.TeaVMOptimizationLevel;

/**
 * Makes the folder {@code target/site}: the guide without a server. The library is compiled to WebAssembly as it is; what stands
 * beside this class in the library's packages, or in TeaVM's, takes the place of what a page does not have. Started by
 * {@code mvn -Psite package}, in the folder of microgpt-examples, as a source file.
 */
public final class Build {
    private static final Path SOURCES = Path.of("src", "site", "java");
    private static final Path RESOURCES = Path.of("src", "site", "resources");
    private static final Path PAGES = Path.of("src", "site", "pages");
    private static final Path CLASSES = Path.of("target", "site-classes");
    private static final Path PLAYGROUND = Path.of("target", "classes", "dev", "microgpt", "playground");
    private static final Path SITE = Path.of("target", "site");

    private static final List<String> MODULES = List.of("bigram", "autograd", "optim", "mlp", "transformer");
    private static final Pattern FIGURE = Pattern.compile("data-file=\"([^\"]+)\"");

    /** Whatever is not named is forbidden. The program itself runs in the worker, to which the policy of the page does not apply. */
    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
                    + " connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'";

    private Build() {}

    /**
     * Makes it.
     *
     * @param args the address at which it will be published; none if it will not be
     */
    public static void main(String[] args) throws Exception {
        String address = String.join("", args).strip();
        run(
                "javac",
                Stream.concat(
                        Stream.of(
                                "-d",
                                CLASSES.toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                "-proc:none",
                                "--release",
                                "17"),
                        files(SOURCES).map(Path::toString)));
        List<File> classPath = new ArrayList<>(List.of(CLASSES.toFile(), RESOURCES.toFile()));
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(File::new)
                .forEach(classPath::add);
        URL[] urls = classPath.stream().map(Build::url).toArray(URL[]::new);
        // one loader for all, so that what is beside a class of the library is in its package; replacements come first
        try (URLClassLoader loader = new URLClassLoader(urls, ClassLoader.getPlatformClassLoader())) {
            loader.loadClass(Build.class.getName())
                    .getMethod("site", List.class, String.class)
                    .invoke(null, classPath, address);
        }
    }

    /** What {@link #main} does once these classes are compiled. */
    public static void site(List<File> classPath, String address) throws Exception {
        if (Files.exists(SITE)) {
            for (Path old : files(SITE).toList()) {
                Files.delete(old);
            }
        }
        wasm(classPath);
        for (Path file : files(PLAYGROUND).filter(Build::isPage).toList()) {
            copy(file, SITE.resolve(PLAYGROUND.relativize(file)));
        }
        for (Path file : files(PAGES).toList()) {
            copy(file, SITE.resolve(PAGES.relativize(file)));
        }
        copy(Path.of("..", "LICENSE"), SITE.resolve("LICENSE"));
        resource("/META-INF/resources/webjars/d3/7.9.0/dist/d3.min.js", "d3.min.js");
        resource("/META-INF/resources/webjars/d3/7.9.0/LICENSE", "d3-LICENSE");
        resource("/org/teavm/backend/wasm/wasm-gc-runtime.min.js", "runtime.js");
        Set<String> shown = new TreeSet<>(); // files whose lines are on the pages
        for (ResourcesPolicy policy : ServiceLoader.load(ResourcesPolicy.class, Build.class.getClassLoader())) {
            shown.addAll(List.of(policy.supplyResources(List.of())));
        }
        for (Path page :
                files(SITE).filter(file -> file.toString().endsWith(".html")).toList()) {
            String html = Files.readString(page);
            FIGURE.matcher(html).results().forEach(figure -> shown.add("source/" + figure.group(1)));
            Files.writeString(
                    page,
                    html.replace("<head>", "<head>\n" + head(page.getFileName().toString(), address)));
        }
        for (String file : shown) {
            String source = file.substring(Math.max(0, file.indexOf("source/")));
            if (source.startsWith("source/")) {
                copy(PLAYGROUND.resolve(source), SITE.resolve(source));
            }
        }
        List<String> all = files(SITE)
                .map(file -> SITE.relativize(file).toString().replace(File.separatorChar, '/'))
                .sorted()
                .toList();
        Files.writeString(
                SITE.resolve("files.js"), "const FILES = [\"./\", \"" + String.join("\", \"", all) + "\"];\n");
        javadoc();
    }

    /** The library as WebAssembly. What it needs and TeaVM does not have is an error. */
    private static void wasm(List<File> classPath) throws Exception {
        TeaVMTool tool = new TeaVMTool();
        tool.setClassPath(classPath);
        tool.setClassLoader(Build.class.getClassLoader());
        tool.setTargetType(TeaVMTargetType.WEBASSEMBLY_GC);
        tool.setTargetDirectory(SITE.toFile());
        tool.setTargetFileName("microgpt.wasm");
        tool.setMainClass("dev.microgpt.playground.InPage");
        tool.getTransformers().add("dev.microgpt.site.Redirect");
        tool.setOptimizationLevel(
                TeaVMOptimizationLevel.ADVANCED); // FULL takes as much CPU time for a run and 0.9 MB more
        tool.setObfuscated(true);
        tool.setStrict(true); // else a method that is missing is an error of the page, and only when it is called
        tool.generate();
        TeaVMProblemRenderer.describeProblems(
                tool.getDependencyInfo().getCallGraph(), tool.getProblemProvider(), new ConsoleTeaVMToolLog(false));
        if (!tool.getProblemProvider().getSevereProblems().isEmpty()) {
            throw new IllegalStateException("the library needs something that TeaVM does not have: see above");
        }
    }

    private static boolean isPage(Path file) {
        return file.toString().matches(".*\\.(html|js|css|svg|md)");
    }

    private static String head(String page, String address) {
        String policy = "<meta http-equiv=\"Content-Security-Policy\" content=\"" + POLICY + "\">";
        String place = page.equals("index.html") ? "" : page;
        return address.isEmpty()
                ? policy
                : policy + "\n<link rel=\"canonical\" href=\"" + address.replaceFirst("/*$", "/") + place + "\">";
    }

    /** Of the modules that are published; the examples export nothing. */
    private static void javadoc() {
        List<String> arguments = new ArrayList<>(List.of(
                "-quiet",
                "-notimestamp",
                "-Xdoclint:none",
                "-d",
                SITE.resolve("api").toString()));
        for (String module : MODULES) {
            arguments.add("--module-source-path");
            Path folder = Path.of("..", "microgpt-" + module);
            String twins = module.equals("transformer") // its classes for float are generated
                    ? File.pathSeparator + folder.resolve(Path.of("target", "generated-sources", "twins"))
                    : "";
            arguments.add("dev.microgpt." + module + "=" + folder.resolve(Path.of("src", "main", "java")) + twins);
        }
        arguments.addAll(List.of(
                "--module",
                String.join(
                        ",",
                        MODULES.stream().map(module -> "dev.microgpt." + module).toList())));
        run("javadoc", arguments.stream());
    }

    private static void run(String tool, Stream<String> arguments) {
        int exit = ToolProvider.findFirst(tool)
                .orElseThrow(() -> new IllegalStateException("this Java has no " + tool + ": a JDK is needed"))
                .run(System.out, System.err, arguments.toArray(String[]::new));
        if (exit != 0) {
            throw new IllegalStateException(tool + " failed: see above");
        }
    }

    private static Stream<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).toList().stream();
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to.getParent());
        Files.write(to, Files.readAllBytes(from));
    }

    private static void resource(String name, String file) throws IOException {
        try (InputStream in = Build.class.getResourceAsStream(name)) {
            Files.write(SITE.resolve(file), in.readAllBytes());
        }
    }

    private static URL url(File file) {
        try {
            return file.toURI().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException(file.toString(), e);
        }
    }
}
