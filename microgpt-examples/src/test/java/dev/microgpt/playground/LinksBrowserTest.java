package dev.microgpt.playground;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Links with a # lead to where they point, for a reader whose browser scrolls smoothly. */
class LinksBrowserTest extends InBrowser {
    private static final Pattern LINK = Pattern.compile("href[=:] ?\"([a-z0-9-]*(?:\\.html)?#[a-zA-Z0-9-]+)\"");

    /** Every link of every page and script to a place on a page. */
    private static Set<String> targets() {
        Set<String> targets = new TreeSet<>();
        for (String page : PagesTest.PAGES) {
            for (String file : List.of(page + ".html", page + ".js")) {
                if (Resources.open("/" + file) != null) {
                    LINK.matcher(PagesTest.read("/" + file))
                            .results()
                            .forEach(link -> targets.add("/" + link.group(1)));
                }
            }
        }
        return targets;
    }

    /** By page, the one furthest down first: most of the page fills above it. */
    static Collection<List<String>> targetsOfPages() {
        return targets().stream()
                .sorted(Comparator.comparing(LinksBrowserTest::place).reversed())
                .collect(Collectors.groupingBy(target -> target.substring(0, target.indexOf('#'))))
                .values();
    }

    private static int place(String target) {
        String[] parts = target.split("#");
        String page = parts[0].equals("/") ? "/index.html" : parts[0];
        return PagesTest.read(page).indexOf("id=\"" + parts[1] + "\"");
    }

    @BeforeEach
    void allow_motion() {
        motion("no-preference");
    }

    @AfterEach
    void avoid_motion() {
        motion("reduce");
    }

    private static void motion(String preference) {
        browser.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-reduced-motion", "value", preference))));
    }

    @Test
    void there_are_many_links_and_motion_is_allowed() {
        visit("index");

        assertThat(targets()).hasSizeGreaterThan(40);
        assertThat((boolean)
                        browser.executeScript("return matchMedia('(prefers-reduced-motion: no-preference)').matches"))
                .isTrue();
        assertThat(browser.executeScript("return getComputedStyle(document.documentElement).scrollBehavior"))
                .isEqualTo("smooth");
    }

    /** The first is opened by itself; the others are followed on the page, which takes seconds to draw. */
    @ParameterizedTest
    @MethodSource("targetsOfPages")
    void links_land_where_they_point(List<String> targets) {
        browser.get("about:blank");
        browser.get(visitor.address(targets.get(0)).toString());
        settle();
        awaitRest();
        for (String target : targets) {
            if (target.equals(targets.get(1 % targets.size()))) {
                avoid_motion(); // what is above has been filled; how it scrolls makes no difference any more
            }
            browser.executeScript("location.hash = arguments[0]", target.substring(target.indexOf('#')));
            awaitRest();
            assertThat(Math.abs(pixelsOff()))
                    .as("pixels from where %s should stand", target)
                    .isLessThan(100);
        }
    }

    private static double pixelsOff() {
        return number(
                "(() => { const target = document.getElementById(location.hash.slice(1)).getBoundingClientRect().top;"
                        + " const padding = parseFloat(getComputedStyle(document.documentElement).scrollPaddingTop);"
                        + " const rest = document.documentElement.scrollHeight - innerHeight - scrollY;" // cannot go
                        // further
                        + " return target - Math.max(padding, target - rest); })()");
    }

    /** Waits until the page has stopped scrolling. */
    private static void awaitRest() {
        browser.executeAsyncScript("const done = arguments[arguments.length - 1]; let last = -1; let still = 0;"
                + "const look = () => { still = scrollY === last ? still + 1 : 0; last = scrollY;"
                + "  still > 20 ? done() : requestAnimationFrame(look); }; look();");
    }
}
