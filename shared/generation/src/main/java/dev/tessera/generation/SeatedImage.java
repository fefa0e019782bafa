package dev.tessera.generation;

/** An image that sits in rows of the network which lie next to each other. */
public interface SeatedImage extends BatchedImage {
    /** How many rows it takes: itself, and what guidance leads it away from. */
    int rows();

    /** Its first row; the other one follows. */
    int row();

    void sitIn(int firstRow);
}
