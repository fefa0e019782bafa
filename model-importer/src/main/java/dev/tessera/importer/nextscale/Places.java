package dev.tessera.importer.nextscale;

import dev.tessera.importer.checkpoint.StateDict;
import dev.tessera.importer.checkpoint.Weights;
import dev.tessera.importer.graph.ComputedWeights;

/** The embeddings of level and position of all tokens, summed: [L, C]. */
final class Places {
    private final int width;
    private final float[] rows;

    Places(VarShape shape, StateDict weights) {
        Scales scales = shape.scales();
        this.width = shape.width();
        this.rows = read(weights.get(VarShape.MARKER, 1, scales.tokens(), width).weights());
        float[] levels =
                read(weights.get("lvl_embed.weight", scales.count(), width).weights());
        for (int scale = 0; scale < scales.count(); scale++) {
            for (int token = scales.firstToken(scale); token < scales.firstToken(scale + 1); token++) {
                add(token, levels, scale);
            }
        }
    }

    private void add(int token, float[] levels, int scale) {
        for (int i = 0; i < width; i++) {
            rows[token * width + i] += levels[scale * width + i];
        }
    }

    Weights table() {
        return new ComputedWeights("lvl_embed + " + VarShape.MARKER, rows);
    }

    /** What is added to the class at the one token of the first scale, [C]: its place and {@code pos_start}. */
    static Weights first(VarShape shape, StateDict weights) {
        float[] places = new Places(shape, weights).rows;
        float[] start = read(weights.get("pos_start", 1, 1, shape.width()).weights());
        for (int i = 0; i < start.length; i++) {
            start[i] += places[i];
        }
        return new ComputedWeights("pos_start + lvl_embed + " + VarShape.MARKER, start);
    }

    private static float[] read(Weights weights) {
        float[] values = new float[Math.toIntExact(weights.elements())];
        weights.read(0, values, values.length);
        return values;
    }
}
