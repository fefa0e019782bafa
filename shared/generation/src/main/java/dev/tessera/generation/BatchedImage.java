package dev.tessera.generation;

/** An image that shares a network with others while it grows. */
public interface BatchedImage {
    ImageProgress progress();

    /** What is done of it. */
    PartialImage partial();
}
