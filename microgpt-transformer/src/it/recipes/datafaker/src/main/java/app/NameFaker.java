package app;

import java.util.Random;
import net.datafaker.Faker;

/** A faker that has invented names beside everything else. */
public final class NameFaker extends Faker {
    NameFaker(Random random) {
        super(random);
    }

    /** The provider. */
    public Invented invented() {
        return getProvider(Invented.class, Invented::new);
    }
}
