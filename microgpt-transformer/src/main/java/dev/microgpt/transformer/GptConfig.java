package dev.microgpt.transformer;

import dev.microgpt.optim.Parameters;
import dev.microgpt.transformer.array.Layout;
import java.util.List;
import java.util.Objects;

/**
 * The shape of a GPT. One class covers stage 3 (one head, one layer), stages 4 and 5, the early program and models that
 * are larger than any of them.
 *
 * <pre>{@code
 * GptConfig config = new GptConfig(27, 16, 16, 4, 1, GptConfig.Activation.RELU); // stages 4 and 5
 * config.newParameters().size(); // 4,192
 * new GptConfig(27, 16, 16, 5, 1, GptConfig.Activation.RELU); // IllegalArgumentException:
 *                                                             // embedDim 16 is not a multiple of headCount 5
 * }</pre>
 *
 * @param vocabSize number of token ids, BOS included, at least 2
 * @param blockSize most positions that the model can look at, at least 1
 * @param embedDim length of the activations at each position, a multiple of headCount
 * @param headCount number of attention heads in each layer, at least 1
 * @param layerCount number of layers, at least 1
 * @param activation what stands between the two matrices of the feed-forward part
 * @since 0.1
 */
public record GptConfig(
        int vocabSize, int blockSize, int embedDim, int headCount, int layerCount, Activation activation) {
    /** The function between fc1 and fc2. Constants may come, so a {@code switch} needs a default. */
    public enum Activation {
        /** max(0, x). */
        RELU,
        /** max(0, x)²: the early program. */
        RELU_SQUARED
    }

    /**
     * Checks the shape.
     *
     * @param vocabSize at least 2
     * @param blockSize at least 1
     * @param embedDim at least 1 and a multiple of headCount
     * @param headCount at least 1
     * @param layerCount at least 1
     * @param activation not null
     * @throws IllegalArgumentException if a size is below its minimum, or embedDim is not a multiple of headCount
     */
    public GptConfig {
        requireAtLeast(2, "vocabSize", vocabSize);
        requireAtLeast(1, "blockSize", blockSize);
        requireAtLeast(1, "embedDim", embedDim);
        requireAtLeast(1, "headCount", headCount);
        requireAtLeast(1, "layerCount", layerCount);
        Objects.requireNonNull(activation, "activation is null");
        if (embedDim % headCount != 0) {
            throw new IllegalArgumentException("embedDim " + embedDim + " is not a multiple of headCount " + headCount);
        }
    }

    /**
     * Length of a head's slice of q, k and v.
     *
     * @return embedDim / headCount
     */
    public int headDim() {
        return embedDim / headCount;
    }

    /**
     * Number of hidden units of the feed-forward part.
     *
     * @return 4·embedDim
     */
    public int hiddenDim() {
        return 4 * embedDim;
    }

    /**
     * Weights of this shape, in this order: {@code wte} [vocabSize][embedDim], {@code wpe} [blockSize][embedDim],
     * {@code lm_head} [vocabSize][embedDim], then for each layer {@code layerN.attn_wq}, {@code attn_wk},
     * {@code attn_wv}, {@code attn_wo} [embedDim][embedDim], {@code mlp_fc1} [hiddenDim][embedDim] and {@code mlp_fc2}
     * [embedDim][hiddenDim].
     *
     * @return new parameters, all zero
     * @throws IllegalArgumentException if they do not fit into one array
     */
    public Parameters newParameters() {
        Parameters.Builder builder = Parameters.builder()
                .tensor("wte", vocabSize, embedDim)
                .tensor("wpe", blockSize, embedDim)
                .tensor("lm_head", vocabSize, embedDim);
        for (int layer = 0; layer < layerCount; layer++) {
            String prefix = "layer" + layer + ".";
            builder.tensor(prefix + "attn_wq", embedDim, embedDim)
                    .tensor(prefix + "attn_wk", embedDim, embedDim)
                    .tensor(prefix + "attn_wv", embedDim, embedDim)
                    .tensor(prefix + "attn_wo", embedDim, embedDim)
                    .tensor(prefix + "mlp_fc1", hiddenDim(), embedDim)
                    .tensor(prefix + "mlp_fc2", embedDim, hiddenDim());
        }
        return builder.build();
    }

    /** The same sizes for the rooms below, and where each matrix lies in {@link #newParameters()}. */
    Layout layout() {
        return new Layout(vocabSize, blockSize, embedDim, headCount, layerCount, activation == Activation.RELU_SQUARED);
    }

    /** Refuses documents of which one is null or not of this vocabulary; the message has its index. */
    void requireDocuments(int[]... documents) {
        Objects.requireNonNull(documents, "documents is null");
        for (int i = 0; i < documents.length; i++) {
            if (documents[i] == null) {
                throw new NullPointerException("documents[" + i + "] is null");
            }
            try {
                requireDocument(documents[i]);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("documents[" + i + "]: " + e.getMessage(), e);
            }
        }
    }

    /** Refuses what is not a document of this vocabulary. */
    void requireDocument(int... tokens) {
        if (tokens.length < 2) {
            throw new IllegalArgumentException(
                    "a document of " + tokens.length + " tokens has nothing to predict; it needs 2 or more");
        }
        for (int token : tokens) {
            requireToken(token);
        }
    }

    /** Refuses parameters that are not laid out as {@link #newParameters()}; the message names a difference. */
    void requireLayout(String role, Parameters actual) {
        List<Parameters.Tensor> mine = newParameters().tensors();
        List<Parameters.Tensor> theirs = actual.tensors();
        for (int i = 0; i < Math.max(mine.size(), theirs.size()); i++) {
            Object should = i < mine.size() ? mine.get(i) : "nothing";
            Object is = i < theirs.size() ? theirs.get(i) : "nothing";
            if (!should.equals(is)) {
                throw new IllegalArgumentException(
                        "the layout of " + role + " differs: it has " + is + " where the parameters have " + should);
            }
        }
    }

    void requireToken(int tokenId) {
        if (tokenId < 0 || tokenId >= vocabSize) {
            throw new IllegalArgumentException("tokenId " + tokenId + " is not in [0, " + vocabSize + ")");
        }
    }

    private static void requireAtLeast(int minimum, String name, int value) {
        if (value < minimum) {
            throw new IllegalArgumentException(name + " " + value + " is below " + minimum);
        }
    }
}
