package dev.microgpt.transformer;

import static dev.microgpt.testing.CloseTo.closeTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import dev.microgpt.optim.Parameters;
import dev.microgpt.text.Context;
import dev.microgpt.text.PythonRandom;
import dev.microgpt.text.Sampler;
import dev.microgpt.transformer.GptConfig.Activation;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class GptTest {
    private final GptConfig config = new GptConfig(7, 5, 6, 3, 2, Activation.RELU);
    private final Gpt model = new Gpt(config, Initializations.wide().draw(config, new PythonRandom(3)));
    private final int[] tokens = {6, 0, 3, 3, 5};

    /** Weights large enough for attention and ReLU to matter. */
    private static final class Initializations {
        static Initialization wide() {
            return new Initialization(0.5, false, java.util.Set.of());
        }
    }

    @Test
    void has_the_sizes_of_the_original_programs() {
        assertThat(Preset.STAGE3.config(27).newParameters().size()).isEqualTo(4192);
        assertThat(Preset.STAGE4.config(27).newParameters().size()).isEqualTo(4192);
        assertThat(Preset.STAGE5.config(27).newParameters().size()).isEqualTo(4192);
        assertThat(Preset.EARLY.config(27).newParameters().size()).isEqualTo(4064);
    }

    /** The mathematics of the package's page once more, on whole matrices: every position from scratch, no cache. */
    @Test
    void reading_token_by_token_with_a_cache_equals_the_whole_document_at_once() {
        double[][] whole = logitsOfWholeDocument(model, tokens);

        Context context = model.newContext();
        for (int t = 0; t < tokens.length; t++) {
            assertThat(context.next(tokens[t])).satisfies(closeTo(whole[t], 1e-12));
        }
    }

    @Test
    void the_trace_holds_what_the_formulas_say() {
        GptTrace trace = model.trace(tokens);

        assertThat(trace.positions()).hasSize(5);
        GptTrace.Position last = trace.positions().get(4);
        assertThat(last.tokenId()).isEqualTo(5);
        assertThat(last.tokenEmbedding())
                .hasSize(6)
                .startsWith(model.parameters().get("wte", 5, 0));
        assertThat(last.positionEmbedding())
                .hasSize(6)
                .startsWith(model.parameters().get("wpe", 4, 0));
        assertThat(Arrays.stream(last.input()).map(x -> x * x).average().orElseThrow())
                .isCloseTo(1, within(1e-4));
        assertThat(last.layers()).hasSize(2);
        GptTrace.Layer layer = last.layers().get(1);
        assertThat(layer.hidden()).hasSize(24);
        assertThat(layer.heads()).hasSize(3);
        for (int head = 0; head < 3; head++) {
            GptTrace.Head attention = layer.heads().get(head);
            assertThat(Arrays.stream(attention.weights()).sum()).isCloseTo(1, within(1e-15));
            for (int t = 0; t < 5; t++) {
                double[] key = trace.positions().get(t).layers().get(1).key();
                double dot = layer.query()[2 * head] * key[2 * head] + layer.query()[2 * head + 1] * key[2 * head + 1];
                assertThat(attention.scores()[t]).isCloseTo(dot / Math.sqrt(2), within(1e-15));
            }
        }
        for (int i = 0; i < 6; i++) {
            assertThat(layer.output()[i]).isEqualTo(layer.afterAttention()[i] + layer.mlpOutput()[i]);
        }
        assertThat(last.logits()).satisfies(closeTo(lastLogits(model.newContext()), 1e-13));
    }

    @Test
    void squares_the_relu_if_asked_to() {
        GptConfig squared = new GptConfig(7, 5, 6, 3, 2, Activation.RELU_SQUARED);

        GptTrace.Layer layer = new Gpt(squared, model.parameters())
                .trace(6)
                .positions()
                .get(0)
                .layers()
                .get(0);

        for (int i = 0; i < 24; i++) {
            assertThat(layer.hidden()[i]).isEqualTo(Math.pow(Math.max(0, layer.preActivation()[i]), 2));
        }
    }

    @Test
    void is_read_by_many_threads_at_once() throws Exception {
        Sampler sampler = new Sampler(1, 5);
        int[] expected = sampler.sample(model, new PythonRandom(9));
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            Callable<int[]> sample = () -> sampler.sample(model, new PythonRandom(9));
            for (var result : threads.invokeAll(java.util.Collections.nCopies(64, sample))) {
                assertThat(result.get()).isEqualTo(expected);
            }
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void cannot_be_changed_from_outside() {
        Parameters parameters = config.newParameters();
        Gpt zeros = new Gpt(config, parameters);

        parameters.values()[0] = 1;
        zeros.parameters().values()[1] = 1;

        assertThat(zeros.parameters().values()).containsOnly(0);
        assertThat(zeros.loss(6, 0, 6)).isCloseTo(Math.log(7), within(1e-15));
    }

    @Test
    void names_what_is_wrong() {
        Context full = model.newContext();
        for (int token : tokens) {
            full.next(token);
        }

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new GptConfig(27, 16, 16, 5, 1, Activation.RELU))
                .withMessage("embedDim 16 is not a multiple of headCount 5");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new GptConfig(27, 0, 16, 4, 1, Activation.RELU))
                .withMessage("blockSize 0 is below 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new GptConfig(27, 16, 65536, 4, 1, Activation.RELU).newParameters())
                .withMessage("shape [65536][65536] of layer0.attn_wq at offset 4587520 does not fit into one array");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Gpt(Preset.EARLY.config(27), config.newParameters()))
                .withMessageStartingWith(
                        "the layout of the model's parameters differs: it has Tensor[name=wte, rows=7");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> model.newContext().next(7))
                .withMessage("tokenId 7 is not in [0, 7)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> model.trace(0, 0, 0, 0, 0, 0))
                .withMessage("6 tokens do not fit into blockSize 5");
        assertThatIllegalStateException()
                .isThrownBy(() -> full.next(0))
                .withMessage("the context is full: blockSize 5 positions have been fed");
    }

    private double[] lastLogits(Context context) {
        double[] logits = null;
        for (int token : tokens) {
            logits = context.next(token);
        }
        return logits;
    }

    private static double[][] logitsOfWholeDocument(Gpt model, int... tokens) {
        GptConfig config = model.config();
        Parameters w = model.parameters();
        int n = tokens.length;
        double[][] x = new double[n][config.embedDim()];
        for (int t = 0; t < n; t++) {
            for (int j = 0; j < config.embedDim(); j++) {
                x[t][j] = w.get("wte", tokens[t], j) + w.get("wpe", t, j);
            }
        }
        x = normalized(x);
        for (int layer = 0; layer < config.layerCount(); layer++) {
            String name = "layer" + layer + ".";
            double[][] input = normalized(x);
            double[][] q = times(input, w, name + "attn_wq");
            double[][] k = times(input, w, name + "attn_wk");
            double[][] v = times(input, w, name + "attn_wv");
            double[][] mixed = new double[n][config.embedDim()];
            for (int t = 0; t < n; t++) {
                for (int j = 0; j < config.embedDim(); j++) {
                    int from = j / config.headDim() * config.headDim();
                    double total = 0;
                    for (int s = 0; s <= t; s++) {
                        double score = 0;
                        for (int i = from; i < from + config.headDim(); i++) {
                            score += q[t][i] * k[s][i];
                        }
                        double weight = Math.exp(score / Math.sqrt(config.headDim()));
                        mixed[t][j] += weight * v[s][j];
                        total += weight;
                    }
                    mixed[t][j] /= total;
                }
            }
            x = plus(x, times(mixed, w, name + "attn_wo"));
            double[][] hidden = times(normalized(x), w, name + "mlp_fc1");
            for (double[] row : hidden) {
                Arrays.setAll(row, i -> Math.max(0, row[i]));
            }
            x = plus(x, times(hidden, w, name + "mlp_fc2"));
        }
        return times(x, w, "lm_head");
    }

    private static double[][] normalized(double[][] x) {
        return Arrays.stream(x)
                .map(row -> {
                    double meanSquare =
                            Arrays.stream(row).map(a -> a * a).average().orElseThrow();
                    return Arrays.stream(row)
                            .map(a -> a / Math.sqrt(meanSquare + 1e-5))
                            .toArray();
                })
                .toArray(double[][]::new);
    }

    private static double[][] times(double[][] x, Parameters w, String name) {
        int rows = w.tensor(name).rows();
        double[][] y = new double[x.length][rows];
        for (int t = 0; t < x.length; t++) {
            for (int i = 0; i < rows; i++) {
                for (int j = 0; j < x[t].length; j++) {
                    y[t][i] += w.get(name, i, j) * x[t][j];
                }
            }
        }
        return y;
    }

    private static double[][] plus(double[][] x, double[][] y) {
        double[][] sum = new double[x.length][x[0].length];
        for (int t = 0; t < x.length; t++) {
            for (int j = 0; j < sum[t].length; j++) {
                sum[t][j] = x[t][j] + y[t][j];
            }
        }
        return sum;
    }
}
