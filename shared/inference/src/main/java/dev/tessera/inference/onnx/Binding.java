package dev.tessera.inference.onnx;

/**
 * A graph with a tensor for each input and output, checked once and run as often as wanted: a run reads the inputs
 * where they are and writes the outputs where they are, or copies them where the device has memory of its own. The tensors must
 * live as long as it is run. For one thread at a time.
 */
public final class Binding implements AutoCloseable {
    private final GraphSession.GraphRun run;

    Binding(GraphSession.GraphRun run) {
        this.run = run;
    }

    /** @throws OnnxException when the runtime gives up; the outputs are then undefined */
    public void run() {
        run.run();
    }

    @Override
    public void close() {
        run.close();
    }
}
