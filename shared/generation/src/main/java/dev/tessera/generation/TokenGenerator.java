package dev.tessera.generation;

import java.util.concurrent.CompletableFuture;

/** Makes the base grid of images; any number of threads may ask at once, and their images share the model. */
public interface TokenGenerator {
    /**
     * Begins an image as soon as a slot is free.
     *
     * @return completes with the outcome, or with a {@link GenerationException} of this image alone; completed on the
     *     generator's own thread, so what follows there must be quick
     * @throws GenerationException.Unservable when the request is not one that the model can serve
     */
    CompletableFuture<GenerationOutcome> generate(GenerationRequest request, GenerationObserver observer);
}
