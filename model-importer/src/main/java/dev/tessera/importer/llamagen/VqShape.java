package dev.tessera.importer.llamagen;

import static dev.tessera.importer.checkpoint.StateDict.ANY;

import dev.tessera.importer.ImportException;
import dev.tessera.importer.ImportException.Reason;
import dev.tessera.importer.checkpoint.StateDict;
import dev.tessera.importer.checkpoint.Tensor;

/**
 * The dimensions of a LlamaGen image tokenizer, read from its tensors.
 *
 * @param codes size of the codebook V
 * @param dimensions of one code vector
 * @param downsamplings halvings between pixels and tokens
 * @param normGroups into how many groups a normalisation takes its channels
 */
public record VqShape(int codes, int dimensions, int downsamplings, int normGroups) {
    /** The tensor by which a tokenizer's state dict is found. */
    public static final String MARKER = "quantize.embedding.weight";

    private static final int MAX_DOWNSAMPLINGS = 8;

    /** @throws ImportException when a tensor is missing or encoder and decoder do not belong together */
    public static VqShape of(StateDict weights, int normGroups) {
        Tensor codebook = weights.get(MARKER, ANY, ANY);
        int down = weights.count("encoder.conv_blocks.", ".downsample.conv.weight");
        int up = weights.count("decoder.conv_blocks.", ".upsample.conv.weight");
        if (down != up || down > MAX_DOWNSAMPLINGS) {
            throw new ImportException(
                    Reason.WRONG_SHAPE,
                    weights.source() + " halves the picture " + down + " times and doubles it " + up + " times");
        }
        return new VqShape(Math.toIntExact(codebook.size(0)), Math.toIntExact(codebook.size(1)), down, normGroups);
    }

    /** Pixels per token along one side. */
    public int factor() {
        return 1 << downsamplings;
    }
}
