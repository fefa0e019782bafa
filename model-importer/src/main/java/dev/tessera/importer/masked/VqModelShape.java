package dev.tessera.importer.masked;

import static dev.tessera.importer.checkpoint.StateDict.ANY;

import dev.tessera.importer.ImportException;
import dev.tessera.importer.ImportException.Reason;
import dev.tessera.importer.checkpoint.StateDict;
import dev.tessera.importer.checkpoint.Tensor;

/**
 * The dimensions of an image tokenizer in aMUSEd's layout, read from its tensors.
 *
 * @param codes size of the codebook V
 * @param dimensions of one code vector
 * @param levels of encoder and decoder; the picture doubles between two of them
 * @param normGroups into how many groups a normalisation takes its channels
 */
public record VqModelShape(int codes, int dimensions, int levels, int normGroups) {
    /** The tensor by which a tokenizer's state dict is found. */
    public static final String MARKER = "quantize.embedding.weight";

    private static final int MAX_LEVELS = 9;

    /** @throws ImportException when a tensor is missing, or encoder and decoder are of another kind */
    public static VqModelShape of(StateDict weights, int normGroups) {
        Tensor codebook = weights.get(MARKER, ANY, ANY);
        int down = weights.count("encoder.down_blocks.", ".resnets.0.conv1.weight");
        int up = weights.count("decoder.up_blocks.", ".resnets.0.conv1.weight");
        if (down != up || down < 1 || down > MAX_LEVELS) {
            throw new ImportException(
                    Reason.WRONG_SHAPE,
                    weights.source() + " has " + down + " levels in its encoder and " + up + " in its decoder");
        }
        if (weights.has("decoder.mid_block.attentions.0.to_q.weight")) {
            throw new ImportException(
                    Reason.UNSUPPORTED, weights.source() + " has attention in its decoder, which this family has not");
        }
        return new VqModelShape(Math.toIntExact(codebook.size(0)), Math.toIntExact(codebook.size(1)), down, normGroups);
    }

    /** Pixels per token along one side. */
    public int factor() {
        return 1 << (levels - 1);
    }
}
