package dev.microgpt.text;

import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.microgpt.bigram.Bigram;
import dev.microgpt.bigram.NGram;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.OptionalDouble;
import java.util.random.RandomGenerator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class NullTest {
    private static final PythonRandom RANDOM = new PythonRandom(1);
    private static final Bigram MODEL = new Bigram(3);

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource({"texts", "models", "draws"})
    void names_the_parameter(String door, String message, ThrowingCallable call) {
        assertThatNullPointerException().isThrownBy(call).withMessage(message);
    }

    static Arguments[] texts() {
        List<String> holed = Arrays.asList("a", "b", "c", null);
        Tokenizer tokenizer = Tokenizer.ofVocabulary("ab");
        return new Arguments[] {
            door("Documents.read", "file is null", () -> Documents.read((Path) null)),
            door("Documents.read a stream", "in is null", () -> Documents.read(null, "standard input")),
            door(
                    "Documents.read a source",
                    "source is null",
                    () -> Documents.read(InputStream.nullInputStream(), null)),
            door("Documents.strip", "text is null", () -> Documents.strip(null)),
            door("Documents.of", "documents is null", () -> Documents.of((Collection<String>) null)),
            door("Documents.of", "documents[3] is null", () -> Documents.of(holed)),
            door("Documents.of", "documents is null", () -> Documents.of((String[]) null)),
            door("Documents.of", "documents[1] is null", () -> Documents.of("a", null)),
            door("Documents.shuffled", "random is null", () -> Documents.of("a").shuffled(null)),
            door("Tokenizer.of", "documents is null", () -> Tokenizer.of(null)),
            door("Tokenizer.of", "documents[3] is null", () -> Tokenizer.of(holed)),
            door("Tokenizer.ofVocabulary", "vocabulary is null", () -> Tokenizer.ofVocabulary(null)),
            door("Tokenizer.encode", "text is null", () -> tokenizer.encode(null)),
            door("Tokenizer.encodeDocument", "text is null", () -> tokenizer.encodeDocument(null)),
            door("Tokenizer.decode", "tokenIds is null", () -> tokenizer.decode((int[]) null)),
        };
    }

    static Arguments[] models() {
        Tokenizer tokenizer = Tokenizer.ofVocabulary("ab");
        NGram counted = NGram.train(List.of("ab"));
        Sampler sampler = new Sampler(1, 16);
        return new Arguments[] {
            door("LanguageModel.losses", "tokens is null", () -> MODEL.losses((int[]) null)),
            door("LanguageModel.loss", "tokens is null", () -> MODEL.loss((int[]) null)),
            door("LanguageModel.mix", "a is null", () -> LanguageModel.mix(null, MODEL, 0.5)),
            door("LanguageModel.mix", "b is null", () -> LanguageModel.mix(MODEL, null, 0.5)),
            door("NGram.train", "documents is null", () -> NGram.train(null)),
            door("NGram.train", "documents[1] is null", () -> NGram.train(Arrays.asList("a", null), 2)),
            door("NGram.train", "documents is null", () -> NGram.train(null, 2, tokenizer)),
            door("NGram.train", "tokenizer is null", () -> NGram.train(List.of("a"), 2, null)),
            door("NGram.losses", "tokens is null", () -> counted.losses((int[]) null)),
            door("NGram.loss", "document is null", () -> counted.loss((String) null)),
            door("NGram.generate", "random is null", () -> counted.generate(1, null)),
            door("Bigram.learn", "tokens is null", () -> MODEL.learn((int[]) null)),
            door("Sampler.sample", "model is null", () -> sampler.sample(null, RANDOM)),
            door("Sampler.sample", "random is null", () -> sampler.sample(MODEL, null)),
        };
    }

    static Arguments[] draws() {
        List<Integer> words = RANDOM.state().words();
        List<Integer> holed = new ArrayList<>(words);
        holed.set(623, null);
        OptionalDouble none = OptionalDouble.empty();
        return new Arguments[] {
            door("PythonRandom.restore", "state is null", () -> PythonRandom.restore(null)),
            door("PythonRandom.shuffle", "list is null", () -> RANDOM.shuffle(null)),
            door("PythonRandom.choices", "weights is null", () -> RANDOM.choices(null)),
            door("State", "words is null", () -> new PythonRandom.State(null, 0, none)),
            door("State", "words[623] is null", () -> new PythonRandom.State(holed, 0, none)),
            door("State", "pendingGauss is null", () -> new PythonRandom.State(words, 0, null)),
        };
    }

    /** A draw checks nothing that the JVM finds by itself; its message has the parameter's name too. */
    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("drawsOfOneToken")
    void is_named_by_the_jvm_where_every_token_is_drawn(String door, String name, ThrowingCallable call) {
        assertThatNullPointerException().isThrownBy(call).withMessageEndingWith("because \"" + name + "\" is null");
    }

    static Arguments[] drawsOfOneToken() {
        Sampler sampler = new Sampler(1, 16);
        return new Arguments[] {
            door("Sampler.next", "logits", () -> sampler.next(null, RANDOM)),
            door("Sampler.next", "random", () -> sampler.next(new double[3], (RandomGenerator) null)),
            door("Sampler.next", "logits", () -> sampler.next(null, 0.5)),
            door("Sampler.probabilities", "logits", () -> sampler.probabilities(null)),
        };
    }

    private static Arguments door(String name, String message, ThrowingCallable call) {
        return arguments(name, message, call);
    }
}
