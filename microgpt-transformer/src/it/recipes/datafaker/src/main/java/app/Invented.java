package app;

import dev.microgpt.GenerationOptions;
import dev.microgpt.MicroGpt;
import net.datafaker.providers.base.AbstractProvider;
import net.datafaker.providers.base.BaseProviders;

/** A Datafaker provider of names that a model invents. The seed of the faker repeats them. */
public final class Invented extends AbstractProvider<BaseProviders> {
    private static final MicroGpt MODEL = MicroGpt.load(Invented.class.getResourceAsStream("/names.safetensors"));

    Invented(BaseProviders faker) {
        super(faker);
    }

    /** A name that is not in the list that the model was trained with. */
    public String name() {
        long seed = faker.random().nextLong();
        return MODEL.generateAt(0, new GenerationOptions().withNovelOnly(true).withSeed(seed));
    }
}
