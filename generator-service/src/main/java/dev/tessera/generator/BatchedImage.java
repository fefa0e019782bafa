package dev.tessera.generator;

/** An image that shares a network with others while it grows. */
interface BatchedImage {
    ImageProgress progress();
}
