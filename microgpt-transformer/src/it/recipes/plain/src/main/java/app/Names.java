package app;

import dev.microgpt.GenerationOptions;
import dev.microgpt.MicroGpt;
import java.util.List;

/** Names of a model that is in the jar, at names.safetensors. */
public final class Names {
    private static final MicroGpt MODEL = MicroGpt.load(Names.class.getResourceAsStream("/names.safetensors"));

    private Names() {}

    static List<String> invent(int count) {
        return MODEL.generate(count, new GenerationOptions().withNovelOnly(true));
    }
}
