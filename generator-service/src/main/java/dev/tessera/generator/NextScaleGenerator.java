package dev.tessera.generator;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * Makes images scale by scale with in-flight batching: images at one scale run together, and newcomers are brought up to
 * those that have gone before. An image's tokens do not depend on its neighbours.
 */
public final class NextScaleGenerator implements GeneratorEngine {
    private final NextScaleDimensions dimensions;
    private final GenerationLoop<ScaleImage> loop;

    /**
     * Takes the model over: it is closed with the generator.
     *
     * @param name of the model, for the thread and the log
     * @param slots most images in flight
     * @param drainTimeout how long {@link #close} lets images in flight go on
     */
    public NextScaleGenerator(String name, NextScaleModel model, int slots, Duration drainTimeout) {
        this.dimensions = model.dimensions();
        this.loop = new GenerationLoop<>(name, new ScaleBatch(model), model::close, slots, drainTimeout);
    }

    @Override
    public CompletableFuture<GenerationOutcome> generate(GenerationRequest request, GenerationObserver observer) {
        var image = new ScaleImage(request, observer, dimensions);
        loop.add(image);
        return image.progress().outcome();
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
