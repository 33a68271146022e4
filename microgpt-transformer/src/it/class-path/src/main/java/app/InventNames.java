package app;

import dev.microgpt.optim.LearningRate;
import dev.microgpt.text.Documents;
import dev.microgpt.text.PythonRandom;
import dev.microgpt.text.Sampler;
import dev.microgpt.text.Tokenizer;
import dev.microgpt.transformer.Engine;
import dev.microgpt.transformer.Gpt;
import dev.microgpt.transformer.Preset;

/** Trains a small GPT on the class path and prints ten names; fails if it does not learn. */
public final class InventNames {
    private InventNames() {}

    public static void main(String[] args) {
        check("unnamed module", String.valueOf(Gpt.class.getModule()));
        PythonRandom random = new PythonRandom(42);
        Documents documents = Documents.givenNames().shuffled(random);
        Tokenizer tokenizer = Tokenizer.of(documents);
        Gpt untrained = Gpt.initial(Preset.STAGE5, tokenizer.vocabSize(), random);
        Engine engine = Engine.of(Engine.Kind.VALUE, untrained, Preset.STAGE5.optimizer());
        LearningRate rate = Preset.STAGE5.learningRate(200);
        for (int step = 0; step < 200; step++) {
            engine.lossAndGradient(tokenizer.encodeDocument(documents.atStep(step)));
            engine.update(rate.at(step));
        }
        Gpt trained = engine.model();

        int[] word = tokenizer.encodeDocument(documents.get(0));
        check("true", String.valueOf(trained.loss(word) < untrained.loss(word)));
        Sampler sampler = Preset.STAGE5.sampler();
        for (int i = 0; i < 10; i++) {
            System.out.println(tokenizer.decode(sampler.sample(trained, random)));
        }
    }

    private static void check(String expected, String actual) {
        if (!actual.startsWith(expected)) {
            throw new AssertionError("expected " + expected + ", but was " + actual);
        }
    }
}
