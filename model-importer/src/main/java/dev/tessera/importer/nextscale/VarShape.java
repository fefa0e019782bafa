package dev.tessera.importer.nextscale;

import static dev.tessera.importer.checkpoint.StateDict.ANY;

import dev.tessera.importer.ImportException;
import dev.tessera.importer.ImportException.Reason;
import dev.tessera.importer.checkpoint.StateDict;
import dev.tessera.importer.checkpoint.Tensor;
import java.util.List;

/**
 * The dimensions of a VAR transformer, read from its tensors.
 *
 * @param width C of one embedding
 * @param hidden width inside the feed-forward layers
 * @param vocabulary number of codes V
 * @param dimensions of one code vector
 * @param classes a request may name, without the no-class row
 * @param sharedCondition whether one projection of the class serves all layers, as in VAR-d36
 * @param unitQueries whether queries and keys are brought to unit length
 */
public record VarShape(
        int layers,
        int heads,
        int width,
        int hidden,
        int vocabulary,
        int dimensions,
        int classes,
        boolean sharedCondition,
        boolean unitQueries,
        Scales scales) {
    /** The tensor by which a VAR state dict is found. */
    public static final String MARKER = "pos_1LC";

    /** Every published size has heads of this many numbers. */
    private static final int PUBLISHED_HEAD_SIZE = 64;

    /**
     * @param heads number of attention heads, 0 to take it from the tensors, or of the published size where these are
     *     silent
     * @param sides of the grids from coarse to fine; empty to take them from the tensors
     * @throws ImportException when a tensor is missing or misshapen, or a dimension cannot be known
     */
    public static VarShape of(StateDict weights, int heads, List<Integer> sides) {
        Tensor words = weights.get("word_embed.weight", ANY, ANY);
        int width = size(words, 0);
        boolean unitQueries = weights.has("blocks.0.attn.scale_mul_1H11");
        boolean shared = weights.has("shared_ada_lin.1.weight");
        return new VarShape(
                layers(weights),
                heads == 0 ? heads(weights, width) : heads,
                width,
                size(weights.get("blocks.0.ffn.fc1.weight", ANY, width), 0),
                size(weights.get("head.weight", ANY, width), 0),
                size(words, 1),
                size(weights.get("class_emb.weight", ANY, width), 0) - 1,
                shared,
                unitQueries,
                sides.isEmpty() ? Scales.of(weights, width) : Scales.checked(sides, weights, width));
    }

    public VarShape {
        if (heads < 1 || width % heads != 0) {
            throw new ImportException(
                    Reason.INVALID_OPTION, heads + " heads do not divide the width " + width + " evenly");
        }
        if (classes < 1) {
            throw new ImportException(
                    Reason.WRONG_SHAPE, "tensor 'class_emb.weight' has no row for the unconditional case");
        }
    }

    private static int layers(StateDict weights) {
        int layers = weights.count("blocks.", ".attn.mat_qkv.weight");
        if (layers == 0) {
            throw new ImportException(
                    Reason.MISSING_TENSOR, weights.source() + " has no tensor 'blocks.0.attn.mat_qkv.weight'");
        }
        return layers;
    }

    private static int heads(StateDict weights, int width) {
        return weights.find("blocks.0.attn.scale_mul_1H11")
                .filter(scale -> scale.rank() == 4)
                .map(scale -> size(scale, 1))
                .orElse(width / PUBLISHED_HEAD_SIZE);
    }

    private static int size(Tensor tensor, int axis) {
        return Math.toIntExact(tensor.size(axis));
    }

    public int headSize() {
        return width / heads;
    }

    /** Rows of the table that a class is turned into: six for each layer, two for the head. */
    int modulations() {
        return 6 * layers + 2;
    }
}
