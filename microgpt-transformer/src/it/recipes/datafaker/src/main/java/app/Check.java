package app;

import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Runs the recipe; fails where it does not do what it says. */
public final class Check {
    private Check() {}

    public static void main(String[] args) {
        List<String> names = invent(new Random(1));

        System.out.println(names);
        check(names.size() == 20 && names.stream().distinct().count() > 15, "names differ");
        check(names.equals(invent(new Random(1))) && !names.equals(invent(new Random(2))), "the seed repeats");
        check(!new NameFaker(new Random(1)).expression("#{invented.name}").isEmpty(), "expression");
    }

    private static List<String> invent(Random random) {
        NameFaker faker = new NameFaker(random);
        return Stream.generate(() -> faker.invented().name()).limit(20).toList();
    }

    private static void check(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }
}
