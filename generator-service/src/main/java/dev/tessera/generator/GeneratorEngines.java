package dev.tessera.generator;

import dev.tessera.generation.BatchedImage;
import dev.tessera.generation.GenerationEngine;
import dev.tessera.generation.ImageBatch;
import dev.tessera.generation.masked.MaskedEngine;
import dev.tessera.generation.masked.MaskedModel;
import dev.tessera.pipeline.Stage;
import java.time.Duration;

/** The engine of each family. A network that is given to one is closed with it. */
public final class GeneratorEngines {
    private final String name;
    private final int slots;
    private final Duration drainTimeout;

    /**
     * @param name of the model, for the thread and the log
     * @param slots most images in flight
     * @param drainTimeout how long an engine that is left lets images in flight go on
     */
    public GeneratorEngines(String name, int slots, Duration drainTimeout) {
        this.name = name;
        this.slots = slots;
        this.drainTimeout = drainTimeout;
    }

    /** Makes images token by token: each step gives every image in flight its next token. */
    public GenerationEngine nextToken(NextTokenModel model) {
        return engine(new DecodingBatch(model));
    }

    /**
     * Makes images scale by scale: images at one scale run together, and newcomers are brought up to those that have
     * gone before.
     */
    public GenerationEngine nextScale(NextScaleModel model) {
        return engine(new ScaleBatch(model));
    }

    /** Makes images by unmasking. */
    public GenerationEngine masked(MaskedModel model) {
        return MaskedEngine.of(Stage.GENERATOR, name, model, slots, drainTimeout);
    }

    /**
     * Makes images cell by cell in a window that slides over grids of any size: each step gives every image in flight all
     * the tokens that do not wait for each other.
     */
    public GenerationEngine windowed(WindowModel model) {
        return engine(new WindowBatch(model));
    }

    private <I extends BatchedImage> GenerationEngine engine(ImageBatch<I> batch) {
        return GenerationEngine.of(Stage.GENERATOR, name, batch, slots, drainTimeout);
    }
}
