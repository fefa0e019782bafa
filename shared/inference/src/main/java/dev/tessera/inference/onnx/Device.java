package dev.tessera.inference.onnx;

/** What computes a graph, and by which way it is reached. */
public enum Device {
    /** The processor, by ONNX Runtime's Java interface. */
    CPU("Cpu"),
    /** The processor, by the way that graphics processors are reached: for tests and comparisons of that way. */
    CPU_BOUND("Cpu"),
    /** The first NVIDIA device. */
    CUDA("Cuda");

    private final String place;

    Device(String place) {
        this.place = place;
    }

    /** The runtime's name for this device's memory. */
    String place() {
        return place;
    }
}
