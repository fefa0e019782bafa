package dev.tessera.importer.llamagen;

import static dev.tessera.importer.checkpoint.StateDict.ANY;

import dev.tessera.importer.ImportException;
import dev.tessera.importer.ImportException.Reason;
import dev.tessera.importer.checkpoint.StateDict;
import dev.tessera.importer.checkpoint.Tensor;

/**
 * The dimensions of a LlamaGen transformer, read from its tensors.
 *
 * @param width d of one embedding
 * @param hidden width inside the feed-forward layers
 * @param vocabulary number of image codes V
 * @param prefix T, positions before the first image token
 * @param conditions rows of the class table with the no-class row, or the width of a text state
 */
public record GptShape(
        int layers, int heads, int width, int hidden, int vocabulary, int prefix, int conditions, boolean text) {
    /** The tensor by which a LlamaGen state dict is found. */
    public static final String MARKER = "tok_embeddings.weight";

    static final String CLASSES = "cls_embedding.embedding_table.weight";
    static final String UNCONDITIONAL = "cls_embedding.uncond_embedding";

    /** ONNX Runtime's rotary embedding turns heads whose size is a multiple of this. */
    private static final int HEAD_ALIGNMENT = 16;

    /** The rotary angles of a head are split over rows and columns, two numbers to an angle. */
    private static final int HEAD_DIVISOR = 4;

    /**
     * @param heads number of attention heads, 0 to take it from the table of published widths
     * @throws ImportException when a tensor is missing or misshapen, or the number of heads cannot be known
     */
    public static GptShape of(StateDict weights, int heads) {
        Tensor embeddings = weights.get(MARKER, ANY, ANY);
        int width = size(embeddings, 1);
        boolean text = weights.has(UNCONDITIONAL);
        Tensor condition = text ? weights.get(UNCONDITIONAL, ANY, ANY) : weights.get(CLASSES, ANY, width);
        return new GptShape(
                layers(weights),
                heads == 0 ? publishedHeads(width) : heads,
                width,
                size(weights.get("layers.0.feed_forward.w1.weight", ANY, width), 0),
                size(embeddings, 0),
                text ? size(condition, 0) : 1,
                size(condition, text ? 1 : 0),
                text);
    }

    public GptShape {
        if (heads < 1 || width % heads != 0 || width / heads % HEAD_DIVISOR != 0) {
            throw new ImportException(
                    Reason.INVALID_OPTION,
                    heads + " heads do not divide the width " + width + " into heads of a multiple of " + HEAD_DIVISOR);
        }
        if (!text && conditions < 2) {
            throw new ImportException(
                    Reason.WRONG_SHAPE, "tensor '" + CLASSES + "' has no row for the unconditional case");
        }
    }

    private static int layers(StateDict weights) {
        int layers = weights.count("layers.", ".attention.wqkv.weight");
        if (layers == 0) {
            throw new ImportException(
                    Reason.MISSING_TENSOR, weights.source() + " has no tensor 'layers.0.attention.wqkv.weight'");
        }
        return layers;
    }

    /** The published sizes have heads of 64, but for 3B (100) and 7B (128). */
    private static int publishedHeads(int width) {
        return switch (width) {
            case 768, 1024, 1280, 1536, 2048, 2560 -> width / 64;
            case 3200, 4096 -> 32;
            default ->
                throw new ImportException(
                        Reason.INVALID_OPTION,
                        "a transformer of width " + width + " is none of the published ones: give its number of heads");
        };
    }

    private static int size(Tensor tensor, int axis) {
        return Math.toIntExact(tensor.size(axis));
    }

    /** As the checkpoint has it; decides the scale of the attention and the rotary angles. */
    public int headSize() {
        return width / heads;
    }

    /** As the graph has it: lengthened with zeros to what the attention operator takes. */
    public int paddedHeadSize() {
        return Math.ceilDiv(headSize(), HEAD_ALIGNMENT) * HEAD_ALIGNMENT;
    }

    /** Number of classes a request may name, without the no-class row. */
    public int classes() {
        return conditions - 1;
    }
}
