package dev.tessera.generation;

import dev.tessera.pipeline.Stage;
import java.time.Duration;

/**
 * A token generator with its network, in one process. Images in flight share the network, and join and leave it between
 * two steps; an image's tokens do not depend on its neighbours.
 */
public interface GenerationEngine extends TokenGenerator, AutoCloseable {
    /**
     * Begins at once.
     *
     * @param stage that it works for, for the thread and the log
     * @param model its name, likewise
     * @param batch what the family's images share; closed with the engine
     * @param slots most images in flight
     * @param drainTimeout how long {@link #leave} lets images in flight go on
     */
    static <I extends BatchedImage> GenerationEngine of(
            Stage stage, String model, ImageBatch<I> batch, int slots, Duration drainTimeout) {
        return new GenerationLoop<>(stage, model, batch, slots, drainTimeout);
    }

    /** Whether its thread lives; once it has died, only a restart helps. */
    boolean alive();

    /** Whether images can be expected to succeed: the thread lives and the last steps did not all fail. */
    boolean healthy();

    /**
     * Takes no more images and gives those in flight time to end; what is unfinished then, or waits, ends as it is. Returns
     * at once, and has no effect a second time.
     */
    void leave();

    /** Leaves, and returns when that is done. */
    @Override
    void close();
}
