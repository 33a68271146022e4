package dev.microgpt.playground;

import dev.microgpt.optim.Parameters;
import dev.microgpt.text.Sampler;
import dev.microgpt.transformer.Gpt;
import dev.microgpt.transformer.GptConfig;
import dev.microgpt.transformer.GptConfig.Activation;
import dev.microgpt.transformer.GptTrace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Stages 3 to 5 and the early program: everything a GPT computes for a word, and the size of its parts. */
final class AttentionPage {
    private final Classroom classroom;

    AttentionPage(Classroom classroom) {
        this.classroom = classroom;
    }

    void register(Api api) {
        api.answer("attention/trace", this::trace);
        api.answer("heads/parameters", this::parameters);
    }

    /** {@code cut}: predictions that do not fit into blockSize. */
    record Trace(
            List<String> symbols,
            int blockSize,
            int headCount,
            int headDim,
            int cut,
            double loss,
            List<Position> positions)
            implements JsonObject {
        @Override
        public Map<String, Object> fields() {
            return Json.fields(
                    "symbols blockSize headCount headDim cut loss positions",
                    symbols,
                    blockSize,
                    headCount,
                    headDim,
                    cut,
                    loss,
                    positions);
        }
    }

    /** A position: the library's trace of it, and what follows from that. */
    record Position(
            String token,
            String target,
            double probability, // of the target
            double loss,
            double[] sum, // wte[token] + wpe[position]
            double[] probabilities,
            List<Head> heads, // of the last layer
            GptTrace.Position trace)
            implements JsonObject {
        @Override
        public Map<String, Object> fields() {
            return Json.fields(
                    "token target probability loss sum probabilities heads trace",
                    token,
                    target,
                    probability,
                    loss,
                    sum,
                    probabilities,
                    heads,
                    AttentionPage.fields(trace));
        }
    }

    /** {@code products[t][i] = query_i·key_t,i} within the head; {@code weighted[t][i] = weight_t·value_t,i}. */
    record Head(double[][] products, double[][] weighted) implements JsonObject {
        @Override
        public Map<String, Object> fields() {
            return Json.fields("products weighted", products, weighted);
        }
    }

    private Trace trace(Question question) {
        Gpt model = classroom.gpt(question.program("stage"), question.integer("steps", 0, Run.STEPS));
        int[] tokens = classroom.tokenizer().encodeDocument(classroom.word(question, "word"));
        double[] losses = model.losses(tokens);
        List<GptTrace.Position> seen =
                model.trace(Arrays.copyOf(tokens, losses.length)).positions();
        List<Position> positions = new ArrayList<>();
        for (int p = 0; p < losses.length; p++) {
            GptTrace.Position at = seen.get(p);
            List<Head> heads = new ArrayList<>();
            for (int h = 0; h < model.config().headCount(); h++) {
                heads.add(head(model.config(), seen.subList(0, p + 1), h));
            }
            positions.add(new Position(
                    classroom.symbol(tokens[p]),
                    classroom.symbol(tokens[p + 1]),
                    Math.exp(-losses[p]),
                    losses[p],
                    sum(at.tokenEmbedding(), at.positionEmbedding()),
                    new Sampler(1, 1).probabilities(at.logits()),
                    heads,
                    at));
        }
        return new Trace(
                classroom.symbols(),
                model.blockSize(),
                model.config().headCount(),
                model.config().headDim(),
                tokens.length - 1 - losses.length,
                model.loss(tokens),
                positions);
    }

    private static Map<String, Object> fields(GptTrace.Position position) {
        return Json.fields(
                "tokenId tokenEmbedding positionEmbedding input layers output logits",
                position.tokenId(),
                position.tokenEmbedding(),
                position.positionEmbedding(),
                position.input(),
                position.layers().stream().map(AttentionPage::fields).toList(),
                position.output(),
                position.logits());
    }

    private static Map<String, Object> fields(GptTrace.Layer layer) {
        return Json.fields(
                "attentionNorm query key value heads headOutputs attentionOutput afterAttention mlpNorm preActivation hidden"
                        + " mlpOutput output",
                layer.attentionNorm(),
                layer.query(),
                layer.key(),
                layer.value(),
                layer.heads().stream()
                        .map(head -> Json.fields("scores weights", head.scores(), head.weights()))
                        .toList(),
                layer.headOutputs(),
                layer.attentionOutput(),
                layer.afterAttention(),
                layer.mlpNorm(),
                layer.preActivation(),
                layer.hidden(),
                layer.mlpOutput(),
                layer.output());
    }

    private static Head head(GptConfig config, List<GptTrace.Position> seen, int head) {
        int layer = config.layerCount() - 1;
        int from = head * config.headDim();
        GptTrace.Layer now = seen.get(seen.size() - 1).layers().get(layer);
        double[][] products = new double[seen.size()][config.headDim()];
        double[][] weighted = new double[seen.size()][config.headDim()];
        for (int t = 0; t < seen.size(); t++) {
            GptTrace.Layer then = seen.get(t).layers().get(layer);
            for (int i = 0; i < config.headDim(); i++) {
                products[t][i] = now.query()[from + i] * then.key()[from + i];
                weighted[t][i] = now.heads().get(head).weights()[t] * then.value()[from + i];
            }
        }
        return new Head(products, weighted);
    }

    private static double[] sum(double[] a, double[] b) {
        double[] sum = new double[a.length];
        for (int i = 0; i < a.length; i++) {
            sum[i] = a[i] + b[i];
        }
        return sum;
    }

    record Sizes(int headDim, int hiddenDim, List<Tensor> tensors, int total) implements JsonObject {
        @Override
        public Map<String, Object> fields() {
            return Json.fields("headDim hiddenDim tensors total", headDim, hiddenDim, tensors, total);
        }
    }

    record Tensor(String name, int rows, int columns, int size) implements JsonObject {
        @Override
        public Map<String, Object> fields() {
            return Json.fields("name rows columns size", name, rows, columns, size);
        }
    }

    private Sizes parameters(Question question) {
        GptConfig config = new GptConfig(
                question.integer("vocabSize", 2, 1000),
                question.integer("blockSize", 1, 1024),
                question.integer("embedDim", 1, 256),
                question.integer("headCount", 1, 256),
                question.integer("layerCount", 1, 12),
                Activation.RELU);
        List<Tensor> tensors = new ArrayList<>();
        int total = 0;
        for (Parameters.Tensor tensor : config.newParameters().tensors()) {
            tensors.add(new Tensor(tensor.name(), tensor.rows(), tensor.columns(), tensor.size()));
            total += tensor.size();
        }
        return new Sizes(config.headDim(), config.hiddenDim(), tensors, total);
    }
}
