package dev.tessera.importer.windowed;

import static dev.tessera.importer.checkpoint.StateDict.ANY;

import dev.tessera.importer.ImportException;
import dev.tessera.importer.ImportException.Reason;
import dev.tessera.importer.checkpoint.StateDict;
import dev.tessera.importer.checkpoint.Tensor;

/**
 * The dimensions of a GPT that sees a window of image tokens, read from its tensors.
 *
 * @param heads number of attention heads, of which the tensors are silent
 * @param width d of one embedding
 * @param hidden width inside the feed-forward layers
 * @param vocabulary of condition and image alike
 * @param positions rows of the table of positions
 * @param prefix positions before the window's first image token: 1, or the window's tokens where a map comes first
 * @param window side of the window in tokens
 */
public record WindowShape(
        int layers, int heads, int width, int hidden, int vocabulary, int positions, int prefix, int window) {
    /** The tensor by which the state dict is found, and where its GPT begins. */
    public static final String TRANSFORMER = "transformer.";

    static final String TOKENS = "tok_emb.weight";
    static final String POSITIONS = "pos_emb";

    /** ONNX Runtime's attention over a cache takes heads whose size is a multiple of this. */
    private static final int HEAD_ALIGNMENT = 8;

    /**
     * @param weights of the transformer
     * @param map whether a condition map of the window's own size precedes the image
     * @throws ImportException when a tensor is missing or misshapen, or the positions are not those of a square window
     */
    public static WindowShape of(StateDict weights, int heads, boolean map) {
        Tensor tokens = weights.get(TOKENS, ANY, ANY);
        int width = size(tokens, 1);
        int positions = size(weights.get(POSITIONS, 1, ANY, width), 1);
        int window = window(positions, map);
        return new WindowShape(
                layers(weights),
                heads,
                width,
                size(weights.get("blocks.0.mlp.0.weight", ANY, width), 0),
                size(tokens, 0),
                positions,
                map ? window * window : 1,
                window);
    }

    public WindowShape {
        if (heads < 1 || width % heads != 0) {
            throw new ImportException(
                    Reason.INVALID_OPTION, heads + " heads do not divide the width " + width + " evenly");
        }
    }

    /** The last image token has no position, since it is never fed; checkpoints may have one for it. */
    private static int window(int positions, boolean map) {
        int tokens = map ? Math.ceilDiv(positions, 2) : positions;
        int window = (int) Math.round(Math.sqrt(tokens));
        if (window * window != tokens || window < 2) {
            throw new ImportException(
                    Reason.UNSUPPORTED,
                    "a transformer of " + positions + " positions has no square window"
                            + (map ? " after a condition map of the same size" : ""));
        }
        return window;
    }

    private static int layers(StateDict weights) {
        int layers = weights.count("blocks.", ".attn.key.weight");
        if (layers == 0) {
            throw new ImportException(
                    Reason.MISSING_TENSOR,
                    weights.source() + " has no tensor '" + TRANSFORMER + "blocks.0.attn.key.weight'");
        }
        return layers;
    }

    private static int size(Tensor tensor, int axis) {
        return Math.toIntExact(tensor.size(axis));
    }

    /** As the checkpoint has it; decides the scale of the attention. */
    public int headSize() {
        return width / heads;
    }

    /** As the graph has it: lengthened with zeros to what the attention operator takes. */
    public int paddedHeadSize() {
        return Math.ceilDiv(headSize(), HEAD_ALIGNMENT) * HEAD_ALIGNMENT;
    }
}
