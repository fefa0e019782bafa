package dev.tessera.inference.onnx;

/**
 * How a graph is run.
 *
 * @param threads that share one operator's work; 0 for one per physical core
 * @param spinning whether idle threads wait busily: up to a third faster on a machine of one's own, half as fast on a
 *     shared one
 */
public record GraphOptions(int threads, boolean spinning, Optimisation optimisation, Device device) {
    public GraphOptions {
        if (threads < 0) {
            throw new IllegalArgumentException("threads is " + threads + ", it must not be negative");
        }
    }

    /** On the processor. */
    public GraphOptions(int threads, boolean spinning, Optimisation optimisation) {
        this(threads, spinning, optimisation, Device.CPU);
    }

    /** One thread per core, waiting quietly, everything optimised. */
    public static GraphOptions defaults() {
        return new GraphOptions(0, false, Optimisation.ALL);
    }

    public GraphOptions withThreads(int count) {
        return new GraphOptions(count, spinning, optimisation, device);
    }

    /**
     * For a small graph that takes turns with a large one: a single thread. Others would go on waiting busily while the
     * large graph runs, on the cores it needs, which then takes up to twice as long.
     */
    public GraphOptions ofSmallGraph() {
        return withThreads(1);
    }

    public GraphOptions withDevice(Device other) {
        return new GraphOptions(threads, spinning, optimisation, other);
    }

    /** How far the runtime may rewrite a graph when it opens it. */
    public enum Optimisation {
        NONE,
        /** What does not depend on the processor: for graphs that are fused already. */
        BASIC,
        EXTENDED,
        /** Also memory layouts, which convolutions gain from. */
        ALL
    }
}
