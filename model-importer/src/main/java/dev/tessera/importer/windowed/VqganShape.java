package dev.tessera.importer.windowed;

import static dev.tessera.importer.checkpoint.StateDict.ANY;

import dev.tessera.importer.ImportException;
import dev.tessera.importer.ImportException.Reason;
import dev.tessera.importer.checkpoint.StateDict;
import dev.tessera.importer.checkpoint.Tensor;
import dev.tessera.importer.convolution.VqganLayers;

/**
 * The dimensions of a VQGAN, read from its tensors.
 *
 * @param codes size of the codebook V
 * @param dimensions of one code vector
 * @param channels of what it encodes: 3 for pictures, the number of labels, or 1 of depth
 * @param halvings between pixels and tokens
 * @param gumbel whether a code is chosen by its logit and not by its distance
 * @param normGroups into how many groups a normalisation takes its channels
 */
public record VqganShape(int codes, int dimensions, int channels, int halvings, boolean gumbel, int normGroups) {
    private static final String NEAREST = "quantize.embedding.weight";
    private static final String GUMBEL = "quantize.embed.weight";

    /**
     * @param weights of the VQGAN
     * @throws ImportException when a tensor is missing, or encoder and decoder do not belong together
     */
    public static VqganShape of(StateDict weights, int normGroups) {
        boolean gumbel = weights.has(GUMBEL);
        Tensor codebook = weights.get(gumbel ? GUMBEL : NEAREST, ANY, ANY);
        int levels = VqganLayers.levels(weights, "encoder.down");
        requireNoRemapping(weights);
        return new VqganShape(
                Math.toIntExact(codebook.size(0)),
                Math.toIntExact(codebook.size(1)),
                Math.toIntExact(
                        weights.get("encoder.conv_in.weight", ANY, ANY, 3, 3).size(1)),
                levels - 1,
                gumbel,
                normGroups);
    }

    private static void requireNoRemapping(StateDict weights) {
        if (weights.has("quantize.used")) {
            throw new ImportException(
                    Reason.UNSUPPORTED,
                    weights.source() + " renumbers its codes ('quantize.used'), which is not supported");
        }
    }

    /** Pixels per token along one side. */
    public int factor() {
        return 1 << halvings;
    }

    String codebook() {
        return gumbel ? GUMBEL : NEAREST;
    }
}
