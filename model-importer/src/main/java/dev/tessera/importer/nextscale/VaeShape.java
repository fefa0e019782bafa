package dev.tessera.importer.nextscale;

import static dev.tessera.importer.checkpoint.StateDict.ANY;

import dev.tessera.importer.checkpoint.StateDict;
import dev.tessera.importer.checkpoint.Tensor;
import dev.tessera.importer.convolution.VqganLayers;

/**
 * The dimensions of VAR's image tokenizer, read from its tensors.
 *
 * @param codes size of the codebook V
 * @param dimensions of one code vector Z
 * @param levels of the decoder; the picture doubles between two of them
 * @param normGroups into how many groups a normalisation takes its channels
 */
public record VaeShape(int codes, int dimensions, int levels, int normGroups) {
    /** The tensor by which a tokenizer's state dict is found. */
    public static final String MARKER = "quantize.embedding.weight";

    /** @throws dev.tessera.importer.ImportException when a tensor is missing or the decoder is of another kind */
    public static VaeShape of(StateDict weights, int normGroups) {
        Tensor codebook = weights.get(MARKER, ANY, ANY);
        int levels = VqganLayers.levels(weights, "decoder.up");
        return new VaeShape(Math.toIntExact(codebook.size(0)), Math.toIntExact(codebook.size(1)), levels, normGroups);
    }

    /** Pixels per cell of the finest grid along one side. */
    public int factor() {
        return 1 << (levels - 1);
    }
}
