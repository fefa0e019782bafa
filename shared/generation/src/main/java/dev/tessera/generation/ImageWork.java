package dev.tessera.generation;

import dev.tessera.inference.Drawing;
import dev.tessera.pipeline.Delivery;
import dev.tessera.v1.Job;
import java.util.concurrent.CompletableFuture;

/** One image of a job as a piece of work of a stage that makes tokens. */
public interface ImageWork {
    Job job();

    int imageIndex();

    /**
     * Begins the image.
     *
     * @throws GenerationException.Unservable when the stage cannot make it
     */
    CompletableFuture<GenerationOutcome> begin(GenerationObserver observer);

    /** Gives what was drawn to the stage that follows; returns once it cannot be lost. */
    void publish(Drawing drawing);

    /** Leaves the image to another worker of the stage; returns once it cannot be lost. */
    void handOver(PartialImage done, Delivery delivery);
}
