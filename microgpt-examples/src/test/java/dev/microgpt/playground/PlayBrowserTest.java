package dev.microgpt.playground;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Playing: names that are counted one after the other cost the page little. Work is counted, not time. */
class PlayBrowserTest extends InBrowser {
    private static final int NAMES = 120;

    private static final String COUNT_WORK = "window.work = { requests: 0, nodes: 0 }; const { fetch: ask } = window;"
            + "window.fetch = (...question) => { work.requests++; return ask(...question); };"
            + "new MutationObserver((records) => (work.nodes += records.reduce((sum, r) => sum + 1 + r.addedNodes.length, 0)))"
            + ".observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });";

    @Test
    void a_name_costs_few_questions_and_redraws_only_what_it_changes() {
        visit("counting");
        slide("#speed", 60);
        click("#jump"); // so that the curve is long
        settle();
        slide("#names", 800);
        settle();
        browser.executeScript(COUNT_WORK);

        click("#play");
        await(() -> number("Number(document.querySelector('#names').value)") >= 800 + NAMES);
        List<String> seen = strings("return [work.requests, work.nodes, document.querySelector('#names').value]");
        click("#play");
        settle();

        int names = Integer.parseInt(seen.get(2)) - 800;
        assertThat(Integer.parseInt(seen.get(0)))
                .as("questions for %d names", names)
                .isLessThanOrEqualTo(2 + names / 30);
        assertThat(Integer.parseInt(seen.get(1)) / names)
                .as("changes of the page for a name")
                .isLessThan(150);
        assertThat(text("#table-reading")).startsWith(text("#names + *, label:has(#names) b") + " names read");
        int read = (int) number("Number(document.querySelector('#names').value)");
        assertThat(text("#word-loss"))
                .isEqualTo(shown(loss("counting/word", "{\"names\":" + read + ",\"word\":\"emma\"}"), 4));
    }

    @Test
    void what_was_played_is_what_the_library_counts() {
        visit("counting");
        slide("#speed", 60);
        slide("#names", 0);
        settle();
        click("#play");
        await(() -> number("Number(document.querySelector('#names').value)") >= 70);
        // as it is drawn in this moment, before anything is asked anew
        List<String> drawn = strings(
                "return [document.querySelector('#names').value, document.querySelector('#word-loss').textContent,"
                        + " document.querySelector('#table-reading').textContent, document.querySelector('#last-pairs tfoot').textContent,"
                        + " [...document.querySelectorAll('#counts .in-cells text')].map(t => t.textContent || 0).join(' ')]");
        click("#play");
        settle();
        assertThat(drawn.get(3))
                .startsWith(visitor.askMap("counting/table", "{\"names\":" + drawn.get(0) + "}")
                        .get("last")
                        .toString()
                        .replaceAll("(?s).*text=([a-z]*).*", "$1"));
        slide("#names", Integer.parseInt(drawn.get(0)));
        settle();
        assertThat(
                        strings(
                                "return [document.querySelector('#names').value, document.querySelector('#word-loss').textContent,"
                                        + " document.querySelector('#table-reading').textContent, document.querySelector('#last-pairs tfoot').textContent,"
                                        + " [...document.querySelectorAll('#counts .in-cells text')].map(t => t.textContent || 0).join(' ')]"))
                .isEqualTo(drawn);
    }
}
