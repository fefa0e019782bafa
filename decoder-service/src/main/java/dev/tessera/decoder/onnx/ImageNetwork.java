package dev.tessera.decoder.onnx;

import dev.tessera.inference.Drawing;
import dev.tessera.inference.onnx.Tensor;
import dev.tessera.inference.onnx.TensorMemory;

/** A family's way from tokens to pixels. Safe for use by many threads. */
interface ImageNetwork extends AutoCloseable {
    /**
     * Runs the network.
     *
     * @param drawing of the model's grids and codebook; blended only of a next-scale model, and of its size
     * @param pixels [1, 3, height, width], about -1 to 1 afterwards
     * @param memory for what is needed in between
     */
    void run(Drawing drawing, Tensor pixels, TensorMemory memory);

    @Override
    void close();
}
