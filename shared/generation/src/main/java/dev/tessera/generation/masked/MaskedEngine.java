package dev.tessera.generation.masked;

import dev.tessera.generation.GenerationEngine;
import dev.tessera.pipeline.Stage;
import java.time.Duration;

/**
 * Makes images by unmasking: each step proposes tokens for all cells that are open in any image in flight, and the most
 * confident stay.
 */
public final class MaskedEngine {
    private MaskedEngine() {}

    /**
     * @param stage that it works for, for the thread and the log
     * @param name of the model, likewise
     * @param model taken over: it is closed with the engine
     * @param slots most images in flight
     * @param drainTimeout how long {@link GenerationEngine#close} lets images in flight go on
     */
    public static GenerationEngine of(Stage stage, String name, MaskedModel model, int slots, Duration drainTimeout) {
        return GenerationEngine.of(stage, name, new MaskedBatch(model), slots, drainTimeout);
    }
}
