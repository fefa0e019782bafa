package dev.tessera.importer.masked;

import static dev.tessera.importer.checkpoint.StateDict.ANY;

import dev.tessera.importer.ImportException;
import dev.tessera.importer.ImportException.Reason;
import dev.tessera.importer.checkpoint.StateDict;
import dev.tessera.importer.checkpoint.Tensor;

/**
 * The dimensions of a Muse super-resolution transformer in Tessera's own layout, read from its tensors as
 * {@link MuseShape} reads the base transformer's.
 *
 * @param fine the layers over the finer grid
 * @param baseCodes number of codes of the base grid; it has no mask
 * @param baseLayers layers of self-attention over the base grid; may be 0
 * @param baseHidden width inside these layers' feed-forward; 0 where there are none
 */
public record SuperResolutionShape(MuseShape fine, int baseCodes, int baseCells, int baseLayers, int baseHidden) {
    private static final String LAYERS = "low.layers.";

    /** @throws ImportException when a tensor is missing or misshapen, or a dimension cannot be known */
    public static SuperResolutionShape of(StateDict weights, JsonSettings settings) {
        MuseShape fine = MuseShape.of(weights, settings);
        Tensor positions = weights.get("low.positions.weight", ANY, fine.width());
        Tensor codes = weights.get("low.tokens.weight", ANY, fine.width());
        int layers = layers(weights, settings);
        int hidden = layers == 0
                ? 0
                : Math.toIntExact(weights.get(LAYERS + "0.ff.down.weight", fine.width(), ANY)
                        .size(1));
        return new SuperResolutionShape(
                fine, Math.toIntExact(codes.size(0)), Math.toIntExact(positions.size(0)), layers, hidden);
    }

    /** As many as the settings say, or else as there are; a missing one is named when its tensors are asked for. */
    private static int layers(StateDict weights, JsonSettings settings) {
        int present = weights.count(LAYERS, ".self.to_q.weight");
        int layers = settings.wholeOr("num_low_layers", present);
        if (layers < present) {
            throw new ImportException(
                    Reason.WRONG_SHAPE,
                    weights.source() + " has " + present + " layers '" + LAYERS + "', its config.json says " + layers);
        }
        return layers;
    }

    public SuperResolutionShape {
        int side = (int) Math.round(Math.sqrt(baseCells));
        if (side * side != baseCells) {
            throw new ImportException(
                    Reason.WRONG_SHAPE,
                    "tensor 'low.positions.weight' has " + baseCells + " cells, which are no square grid");
        }
    }

    /** Of the base grid, in tokens. */
    public int baseSide() {
        return (int) Math.round(Math.sqrt(baseCells));
    }
}
