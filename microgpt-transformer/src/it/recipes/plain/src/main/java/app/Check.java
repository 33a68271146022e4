package app;

import dev.microgpt.MicroGpt;
import dev.microgpt.text.Documents;
import java.util.ArrayList;
import java.util.List;

/** Runs the recipes that need nothing but the library; fails where one does not do what it says. */
public final class Check {
    private Check() {}

    public static void main(String[] args) {
        check(Names.invent(20).size() == 20, "20 names");
        List<String> names = Documents.givenNames().asList();
        List<String> lines = new ArrayList<>(List.of("id,name,city"));
        for (int i = 0; i < 500; i++) {
            lines.add(i + "," + (i == 321 ? "gabrqiel" : names.get(6 * i)) + ",Ohio");
        }

        Typos.Oddity first =
                new Typos(MicroGpt.train(names)).oddest(lines, "name").get(0);

        System.out.println(first);
        check(first.line() == 323 && first.value().equals("gabrqiel") && first.index() == 4, "the wrong letter");
    }

    private static void check(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what + " was not found");
        }
    }
}
