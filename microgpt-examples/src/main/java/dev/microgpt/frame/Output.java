package dev.microgpt.frame;

import dev.microgpt.text.LanguageModel;
import dev.microgpt.text.Sampler;
import dev.microgpt.text.Tokenizer;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;

/** What the programs print: the same characters in every locale, in UTF-8; on a terminal as of {@link Visible#text}. */
public final class Output {
    private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    /** Prints to System.out as it is now. */
    public Output() {}

    /**
     * Prints a line.
     *
     * @param format as of {@link String#format}
     * @param values what is put into it
     */
    public void line(String format, Object... values) {
        // No localization: as Locale.ROOT, but without looking it up, which takes 10 ms. Not for %S, %X, %E.
        Locale none = null;
        out.print(Visible.onTerminal(String.format(none, format, values)) + "\n");
    }

    /**
     * Prints twenty new texts.
     *
     * @param model what writes them
     * @param sampler how
     * @param tokenizer turns its tokens into text
     * @param random where the draws come from
     */
    public void samples(LanguageModel model, Sampler sampler, Tokenizer tokenizer, RandomGenerator random) {
        List<String> texts = new ArrayList<>();
        while (texts.size() < 20) {
            texts.add(tokenizer.decode(sampler.sample(model, random)));
        }
        samples(texts);
    }

    /**
     * Prints new texts.
     *
     * @param texts what a model wrote
     */
    public void samples(List<String> texts) {
        line("\n--- inference (new, hallucinated names) ---");
        for (int i = 0; i < texts.size(); i++) {
            line("sample %2d: %s", i + 1, texts.get(i));
        }
    }
}
