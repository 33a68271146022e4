package dev.microgpt;

import static dev.microgpt.testing.CloseTo.closeTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.microgpt.bigram.Bigram;
import dev.microgpt.optim.Adam;
import dev.microgpt.optim.Parameters;
import dev.microgpt.testing.Golden;
import dev.microgpt.text.Sampler;
import dev.microgpt.transformer.Engine;
import dev.microgpt.transformer.GoldenGptRun;
import dev.microgpt.transformer.Gpt;
import dev.microgpt.transformer.Preset;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The model that stage 5 ends with: what it says of words, and one more update. */
class TrainedModelTest {
    @ParameterizedTest(name = "on the given names: {0}")
    @ValueSource(booleans = {true, false})
    void agrees_with_the_original(boolean onGivenNames) {
        Golden golden = Golden.read(onGivenNames ? "given-trained-model" : "trained-model");
        GoldenGptRun run = GoldenGptRun.of(Preset.STAGE5, onGivenNames, Engine.Kind.VALUE);
        Gpt model = run.model();

        for (String word : golden.strings("words")) {
            int[] tokens = run.tokenizer().encodeDocument(word);
            assertThat(model.losses(tokens))
                    .as(word)
                    .satisfies(closeTo(golden.doubles("losses." + word + ".per_position"), 1e-9));
            assertThat(model.loss(tokens)).isCloseTo(golden.number("losses." + word + ".mean"), within(1e-9));
        }
        for (double temperature : new double[] {0.1, 0.5, 1.0, 1.2}) {
            double[] logits = model.newContext().next(run.tokenizer().bos());
            assertThat(new Sampler(temperature, 1).probabilities(logits))
                    .satisfies(closeTo(golden.doubles("first_character_probabilities." + temperature), 1e-9));
        }
        for (String word : golden.strings("updated_words")) {
            updates(golden, run, word);
        }
        heldOut(golden, run);
    }

    private static void updates(Golden golden, GoldenGptRun run, String word) {
        Engine engine = Engine.of(Engine.Kind.VALUE, run.model(), new Adam(0.85, 0.99, 1e-8));
        engine.lossAndGradient(run.tokenizer().encodeDocument(word));
        String update = "one_adam_update." + word + ".";
        String[] place = golden.string(update + "parameter").split("[\\[\\]]+");
        Parameters before = run.model().parameters();

        engine.update(golden.number(update + "learningRate"));

        assertThat(at(place, before)).isCloseTo(golden.number(update + "before"), within(1e-9));
        assertThat(at(place, engine.gradient())).isCloseTo(golden.number(update + "gradient"), within(1e-9));
        assertThat(at(place, engine.moments().first().orElseThrow()))
                .isCloseTo(golden.number(update + "m"), within(1e-9));
        assertThat(at(place, engine.moments().second().orElseThrow()))
                .isCloseTo(golden.number(update + "v"), within(1e-9));
        assertThat(at(place, engine.model().parameters())).isCloseTo(golden.number(update + "after"), within(1e-9));
    }

    private static double at(String[] place, Parameters parameters) {
        return parameters.get(place[0], Integer.parseInt(place[1]), Integer.parseInt(place[2]));
    }

    private static void heldOut(Golden golden, GoldenGptRun run) {
        List<String> heldOut = run.documents().asList().subList(1000, 2000);
        Bigram bigram = new Bigram(27);
        run.documents()
                .asList()
                .subList(0, 1000)
                .forEach(name -> bigram.learn(run.tokenizer().encodeDocument(name)));
        double gptSum = 0;
        double bigramSum = 0;
        int positions = 0;
        for (String name : heldOut) {
            int[] tokens = run.tokenizer().encodeDocument(name);
            double[] losses = run.model().losses(tokens);
            double[] bigramLosses = bigram.losses(tokens);
            for (int t = 0; t < losses.length; t++) {
                gptSum += losses[t];
                bigramSum += bigramLosses[t];
            }
            positions += losses.length;
        }

        assertThat(positions).isEqualTo((int) golden.number("loss_on_docs_1000_to_2000.positions"));
        assertThat(gptSum / positions).isCloseTo(golden.number("loss_on_docs_1000_to_2000.mean"), within(1e-9));
        assertThat(bigramSum / positions)
                .isCloseTo(golden.number("loss_on_docs_1000_to_2000.bigram_of_first_1000_documents"), within(1e-9));
    }
}
