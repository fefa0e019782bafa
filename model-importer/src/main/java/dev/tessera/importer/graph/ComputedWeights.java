package dev.tessera.importer.graph;

import dev.tessera.importer.ImportException;
import dev.tessera.importer.ImportException.Reason;
import dev.tessera.importer.checkpoint.Weights;

/** A table that the importer worked out. */
public final class ComputedWeights implements Weights {
    private final String name;
    private final float[] values;

    /** @throws ImportException when a value is not finite, naming the table and what it was made of */
    public ComputedWeights(String name, float[] values) {
        this.name = name;
        this.values = values.clone();
        for (float value : values) {
            if (!Float.isFinite(value)) {
                throw new ImportException(Reason.INVALID_WEIGHT, "'" + name + "' works out as " + value);
            }
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public long elements() {
        return values.length;
    }

    @Override
    public void read(long from, float[] into, int count) {
        System.arraycopy(values, Math.toIntExact(from), into, 0, count);
    }
}
