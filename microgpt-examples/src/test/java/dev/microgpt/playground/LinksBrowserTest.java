package dev.microgpt.playground;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Links with a # lead to where they point, for a reader whose browser scrolls smoothly. */
class LinksBrowserTest extends InBrowser {
    private static final Pattern LINK = Pattern.compile("href[=:] ?\"(/[a-z0-9-]*(?:\\.html)?#[a-zA-Z0-9-]+)\"");

    /** Every link of every page and script to a place on a page. */
    static Set<String> targets() {
        Set<String> targets = new TreeSet<>();
        for (String page : PagesTest.PAGES) {
            for (String file : List.of(page + ".html", page + ".js")) {
                if (Resources.open("/" + file) != null) {
                    LINK.matcher(PagesTest.read("/" + file)).results().forEach(link -> targets.add(link.group(1)));
                }
            }
        }
        return targets;
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

    @ParameterizedTest
    @MethodSource("targets")
    void a_link_lands_where_it_points(String target) {
        browser.get("about:blank");
        browser.get(visitor.address(target).toString());
        settle();
        awaitRest();

        double off =
                number(
                        "(() => { const target = document.getElementById(location.hash.slice(1)).getBoundingClientRect().top;"
                                + " const padding = parseFloat(getComputedStyle(document.documentElement).scrollPaddingTop);"
                                + " const rest = document.documentElement.scrollHeight - innerHeight - scrollY;" // cannot go further
                                + " return target - Math.max(padding, target - rest); })()");
        assertThat(Math.abs(off))
                .as("pixels from where %s should stand", target)
                .isLessThan(100);
    }

    /** Waits until the page has stopped scrolling. */
    private static void awaitRest() {
        browser.executeAsyncScript("const done = arguments[arguments.length - 1]; let last = -1; let still = 0;"
                + "const look = () => { still = scrollY === last ? still + 1 : 0; last = scrollY;"
                + "  still > 20 ? done() : requestAnimationFrame(look); }; look();");
    }
}
