package dev.tessera.generator;

import java.time.Duration;

/**
 * A token generator with its network, in one process. Images in flight share the network, and join and leave it between
 * two steps; an image's tokens do not depend on its neighbours.
 */
public interface GeneratorEngine extends TokenGenerator, AutoCloseable {
    /**
     * Makes images token by token: each step gives every image in flight its next token.
     *
     * @param name of the model, for the thread and the log
     * @param model taken over: it is closed with the engine
     * @param slots most images in flight
     * @param drainTimeout how long {@link #close} lets images in flight go on
     */
    static GeneratorEngine nextToken(String name, NextTokenModel model, int slots, Duration drainTimeout) {
        return new GenerationLoop<>(name, new DecodingBatch(model), slots, drainTimeout);
    }

    /**
     * Makes images scale by scale: images at one scale run together, and newcomers are brought up to those that have
     * gone before.
     *
     * @param name of the model, for the thread and the log
     * @param model taken over: it is closed with the engine
     * @param slots most images in flight
     * @param drainTimeout how long {@link #close} lets images in flight go on
     */
    static GeneratorEngine nextScale(String name, NextScaleModel model, int slots, Duration drainTimeout) {
        return new GenerationLoop<>(name, new ScaleBatch(model), slots, drainTimeout);
    }

    /**
     * Makes images by unmasking: each step proposes tokens for all cells that are open in any image in flight, and the
     * most confident stay.
     *
     * @param name of the model, for the thread and the log
     * @param model taken over: it is closed with the engine
     * @param slots most images in flight
     * @param drainTimeout how long {@link #close} lets images in flight go on
     */
    static GeneratorEngine masked(String name, MaskedModel model, int slots, Duration drainTimeout) {
        return new GenerationLoop<>(name, new MaskedBatch(model), slots, drainTimeout);
    }

    /**
     * Makes images cell by cell in a window that slides over grids of any size: each step gives every image in flight all
     * the tokens that do not wait for each other.
     *
     * @param name of the model, for the thread and the log
     * @param model taken over: it is closed with the engine
     * @param slots most images in flight
     * @param drainTimeout how long {@link #close} lets images in flight go on
     */
    static GeneratorEngine windowed(String name, WindowModel model, int slots, Duration drainTimeout) {
        return new GenerationLoop<>(name, new WindowBatch(model), slots, drainTimeout);
    }

    /** Whether its thread lives; once it has died, only a restart helps. */
    boolean alive();

    /** Whether images can be expected to succeed: the thread lives and the last steps did not all fail. */
    boolean healthy();

    /** Takes no more images, fails those that wait as transient, and gives those in flight time to end. */
    @Override
    void close();
}
