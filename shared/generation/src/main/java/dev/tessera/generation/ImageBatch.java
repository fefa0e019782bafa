package dev.tessera.generation;

import java.util.List;

/** The images in flight that share a network's rows. For one thread, but for {@link #image}. */
public interface ImageBatch<I extends BatchedImage> extends AutoCloseable {
    /**
     * Makes an image that may join later. Safe for use by any thread.
     *
     * @throws GenerationException.Unservable when the model cannot serve the request
     */
    I image(GenerationRequest request, GenerationObserver observer);

    boolean isEmpty();

    /** How many are in flight. */
    int images();

    boolean hasRoomFor(I image);

    /** Begins an image. When this throws, the batch is as it was. */
    void join(I image);

    /** Runs the network once and draws what it gives. No image in the batch may have ended. */
    void step();

    /** Frees the rows of images that have ended or are to stop. */
    void removeEnded();

    /** Frees all rows, and gives the images back that were in them. */
    List<I> clear();

    /** Closes the network. */
    @Override
    void close();
}
