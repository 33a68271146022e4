package dev.microgpt;

import dev.microgpt.text.PythonRandom;
import dev.microgpt.text.Tokenizer;
import dev.microgpt.transformer.GoldenGptRun;
import dev.microgpt.transformer.Gpt;
import dev.microgpt.transformer.GptConfig;
import dev.microgpt.transformer.GptConfig.Activation;
import dev.microgpt.transformer.Initialization;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** What tests of generating sample from. */
record Subject(Gpt model, Tokenizer tokenizer, Set<String> strings) {
    /** A trained model. */
    static Subject of(GoldenGptRun run) {
        return new Subject(
                run.model(), run.tokenizer(), new HashSet<>(run.documents().asList()));
    }

    /** A model that has learned nothing, of strings in several scripts. */
    static Subject untrained() {
        Set<String> strings = Set.of("🙂🙃", "👩‍💻", "مرحبا", "你好世界", "e\u0301a\u0300", "zoë", "a");
        Tokenizer tokenizer = Tokenizer.of(strings);
        GptConfig config = new GptConfig(tokenizer.vocabSize(), 6, 8, 2, 1, Activation.RELU);
        Initialization wide = new Initialization(0.6, false, Set.of());
        return new Subject(new Gpt(config, wide.draw(config, new PythonRandom(1))), tokenizer, strings);
    }

    /** As an application draws. */
    Generator whole(GenerationOptions options) {
        Unset unset = Unset.whole(0.5, OptionalInt.empty());
        return Generator.of(new Completer(model, tokenizer, options, unset), strings::contains);
    }

    Generator generator(GenerationOptions options) {
        return Generator.of(completer(options), strings::contains);
    }

    Generator generator(GenerationOptions options, RandomGenerator random) {
        return Generator.of(completer(options), strings::contains, random);
    }

    Completer completer(GenerationOptions options) {
        return new Completer(model, tokenizer, options, Unset.ORIGINAL);
    }

    /** What a parallel stream gives in a pool of so many threads. */
    static List<String> inPool(int threads, Supplier<Stream<String>> strings) {
        ForkJoinPool pool = new ForkJoinPool(threads);
        try {
            return pool.submit(() -> strings.get().toList()).join();
        } finally {
            pool.shutdown();
        }
    }
}
