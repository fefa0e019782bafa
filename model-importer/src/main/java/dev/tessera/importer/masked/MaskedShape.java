package dev.tessera.importer.masked;

import static dev.tessera.importer.checkpoint.StateDict.ANY;

import dev.tessera.importer.ImportException;
import dev.tessera.importer.ImportException.Reason;
import dev.tessera.importer.checkpoint.StateDict;
import dev.tessera.importer.checkpoint.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * The dimensions of an aMUSEd transformer, read from its tensors; only the numbers of heads are told beside them.
 *
 * @param words rows of the token table, which has more than codes
 * @param embedding width E of a row of it
 * @param vocabulary number of codes V
 * @param channels C of the convolutional stages
 * @param blocks of each of the two stages
 * @param width W of the layers between them
 * @param hidden width inside the feed-forward layers
 * @param textWidth D of a text state
 * @param pooledWidth P of the state that stands for the whole prompt
 * @param halved whether the layers work on a grid of half the side
 */
public record MaskedShape(
        int words,
        int embedding,
        int vocabulary,
        int channels,
        int blocks,
        int stageHeads,
        int width,
        int layers,
        int heads,
        int hidden,
        int textWidth,
        int pooledWidth,
        boolean halved) {
    /** The tensor by which a transformer's state dict is found. */
    public static final String MARKER = "embed.embeddings.weight";

    /** Numbers of the size, crop and score of a picture: 256 for each of five. */
    static final int MICRO = 5 * MicroCondition.FEATURES;

    private static final int NORMS_OF_LAYER = 3;

    /** @throws ImportException when a tensor is missing or misshapen, or a dimension cannot be known */
    public static MaskedShape of(StateDict weights, JsonSettings settings) {
        if (settings.flagOr("use_bias", false)) {
            throw new ImportException(
                    Reason.UNSUPPORTED,
                    weights.source() + " has layers with biases, which the published ones have not");
        }
        Tensor words = weights.get(MARKER, ANY, ANY);
        Tensor into = weights.get("project_to_hidden.weight", ANY, ANY);
        int width = size(into, 0);
        Tensor condition = weights.get("cond_embed.linear_1.weight", width, ANY);
        return new MaskedShape(
                size(words, 0),
                size(words, 1),
                size(weights.get("mlm_layer.conv2.weight", ANY, size(words, 1), 1, 1), 0),
                size(into, 1),
                count(weights, "down_block.res_blocks.", ".depthwise.weight"),
                settings.positive("block_num_heads"),
                width,
                count(weights, "transformer_layers.", ".attn1.to_q.weight"),
                settings.positive("num_attention_heads"),
                size(weights.get("transformer_layers.0.ff.net.2.weight", width, ANY), 1),
                size(weights.get("encoder_proj.weight", width, ANY), 1),
                size(condition, 1) - MICRO,
                weights.has("down_block.downsample.conv.weight"));
    }

    public MaskedShape {
        requireDivides(stageHeads, channels);
        requireDivides(heads, width);
        if (pooledWidth < 1) {
            throw new ImportException(
                    Reason.WRONG_SHAPE, "tensor 'cond_embed.linear_1.weight' leaves no place for a pooled text");
        }
        if (words <= vocabulary) {
            throw new ImportException(
                    Reason.WRONG_SHAPE,
                    "tensor '" + MARKER + "' has no row for a mask behind its " + vocabulary + " codes");
        }
    }

    private static void requireDivides(int heads, int width) {
        if (width % heads != 0) {
            throw new ImportException(
                    Reason.INVALID_OPTION, heads + " heads do not divide the width " + width + " evenly");
        }
    }

    private static int count(StateDict weights, String prefix, String suffix) {
        int count = weights.count(prefix, suffix);
        if (count == 0) {
            throw new ImportException(
                    Reason.MISSING_TENSOR, weights.source() + " has no tensor '" + prefix + "0" + suffix + "'");
        }
        return count;
    }

    private static int size(Tensor tensor, int axis) {
        return Math.toIntExact(tensor.size(axis));
    }

    /** Widths of the keys and values of all cross-attentions: two of each stage's blocks, one of each layer. */
    public List<Integer> contexts() {
        List<Integer> contexts = new ArrayList<>();
        attentions().forEach(attention -> contexts.add(attention.width()));
        return contexts;
    }

    /** All cross-attentions in the order in which they run. */
    List<CrossAttention> attentions() {
        List<CrossAttention> attentions = new ArrayList<>();
        stage("down_block.", attentions);
        for (int layer = 0; layer < layers; layer++) {
            attentions.add(new CrossAttention("transformer_layers." + layer + ".attn2", "", width));
        }
        stage("up_block.", attentions);
        return attentions;
    }

    private void stage(String stage, List<CrossAttention> attentions) {
        for (int block = 0; block < blocks; block++) {
            String name = stage + "attention_blocks." + block + ".";
            attentions.add(new CrossAttention(name + "attn1", name + "kv_mapper", channels));
            attentions.add(new CrossAttention(name + "attn2", name + "kv_mapper", channels));
        }
    }

    /** All adaptive normalisations in the order in which they run. */
    List<Modulation> modulations() {
        List<Modulation> modulations = new ArrayList<>();
        for (int block = 0; block < blocks; block++) {
            modulations.add(new Modulation("down_block.res_blocks." + block + ".cond_embeds_mapper", channels));
        }
        for (int layer = 0; layer < layers; layer++) {
            for (int norm = 1; norm <= NORMS_OF_LAYER; norm++) {
                modulations.add(new Modulation("transformer_layers." + layer + ".norm" + norm + ".linear", width));
            }
        }
        for (int block = 0; block < blocks; block++) {
            modulations.add(new Modulation("up_block.res_blocks." + block + ".cond_embeds_mapper", channels));
        }
        return modulations;
    }

    /** Numbers of a request's modulation: a factor and an addend for each channel of each normalisation. */
    public int modulation() {
        return modulations().stream().mapToInt(part -> 2 * part.width()).sum();
    }

    /**
     * One attention to the text.
     *
     * @param mapper linear layer from the text to the attention's own width; empty for none
     */
    record CrossAttention(String name, String mapper, int width) {}

    /**
     * The linear layer that makes an adaptive normalisation of the condition.
     *
     * @param width of what it normalises
     */
    record Modulation(String name, int width) {}
}
