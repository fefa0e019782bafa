package dev.tessera.importer.masked;

import static dev.tessera.importer.checkpoint.StateDict.ANY;

import dev.tessera.importer.ImportException;
import dev.tessera.importer.ImportException.Reason;
import dev.tessera.importer.checkpoint.StateDict;
import dev.tessera.importer.checkpoint.Tensor;
import java.util.Collections;
import java.util.List;

/**
 * The dimensions of a Muse transformer in Tessera's own layout, read from its tensors; only the number of heads is told
 * beside them.
 *
 * @param vocabulary number of codes V; the token table has one row more, the mask
 * @param cells of the grid
 * @param width C of one embedding
 * @param hidden width inside the feed-forward layers
 * @param textWidth D of a text state
 */
public record MuseShape(int vocabulary, int cells, int width, int layers, int heads, int hidden, int textWidth) {
    /** The tensor by which a transformer's state dict is found. */
    public static final String MARKER = "embed.positions.weight";

    static final String TOKENS = "embed.tokens.weight";

    /** @throws ImportException when a tensor is missing or misshapen, or a dimension cannot be known */
    public static MuseShape of(StateDict weights, JsonSettings settings) {
        Tensor positions = weights.get(MARKER, ANY, ANY);
        int width = size(positions, 1);
        int vocabulary = size(weights.get("head.weight", ANY, width), 0);
        weights.get(TOKENS, vocabulary + 1L, width);
        return new MuseShape(
                vocabulary,
                size(positions, 0),
                width,
                weights.count("layers.", ".self.to_q.weight"),
                settings.positive("num_attention_heads"),
                size(weights.get("layers.0.ff.down.weight", width, ANY), 1),
                size(weights.get("text.weight", width, ANY), 1));
    }

    public MuseShape {
        if (width % heads != 0) {
            throw new ImportException(
                    Reason.INVALID_OPTION, heads + " heads do not divide the width " + width + " evenly");
        }
        int side = (int) Math.round(Math.sqrt(cells));
        if (side * side != cells) {
            throw new ImportException(
                    Reason.WRONG_SHAPE, "tensor '" + MARKER + "' has " + cells + " cells, which are no square grid");
        }
    }

    private static int size(Tensor tensor, int axis) {
        return Math.toIntExact(tensor.size(axis));
    }

    /** Of the grid, in tokens. */
    public int side() {
        return (int) Math.round(Math.sqrt(cells));
    }

    /** The last row of the token table. */
    public int maskToken() {
        return vocabulary;
    }

    /** Widths of the keys and values of all cross-attentions: one of each layer. */
    public List<Integer> contexts() {
        return Collections.nCopies(layers, width);
    }
}
