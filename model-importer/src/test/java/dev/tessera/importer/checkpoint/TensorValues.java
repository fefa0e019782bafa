package dev.tessera.importer.checkpoint;

import java.nio.file.Path;
import java.util.List;

/** The numbers of a tensor in a file. */
public final class TensorValues {
    private TensorValues() {}

    /**
     * In row-major order.
     *
     * @param keys under which the file may keep its state dict
     */
    public static float[] of(Path file, String tensor, String... keys) {
        try (var checkpoint = Checkpoint.open(file)) {
            Weights weights = checkpoint
                    .stateDict(tensor, List.of(keys))
                    .find(tensor)
                    .orElseThrow()
                    .weights();
            float[] values = new float[Math.toIntExact(weights.elements())];
            weights.read(0, values, values.length);
            return values;
        }
    }
}
