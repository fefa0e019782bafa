package dev.tessera.generator;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * Makes images token by token with in-flight batching: all images in flight advance by one token per step, and images
 * join and leave between two steps. An image's tokens do not depend on its neighbours.
 */
public final class NextTokenGenerator implements GeneratorEngine {
    private final NextTokenDimensions dimensions;
    private final GenerationLoop<ImageInFlight> loop;

    /**
     * Takes the model over: it is closed with the generator.
     *
     * @param name of the model, for the thread and the log
     * @param slots most images in flight
     * @param drainTimeout how long {@link #close} lets images in flight go on
     */
    public NextTokenGenerator(String name, NextTokenModel model, int slots, Duration drainTimeout) {
        this.dimensions = model.dimensions();
        this.loop = new GenerationLoop<>(name, new DecodingBatch(model), model::close, slots, drainTimeout);
    }

    @Override
    public CompletableFuture<GenerationOutcome> generate(GenerationRequest request, GenerationObserver observer) {
        var image = new ImageInFlight(request, observer, dimensions);
        loop.add(image);
        return image.outcome();
    }

    @Override
    public boolean alive() {
        return loop.alive();
    }

    @Override
    public boolean healthy() {
        return loop.healthy();
    }

    @Override
    public void close() {
        loop.close();
    }
}
