package dev.tessera.generator;

import dev.tessera.inference.onnx.Device;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How the generator service makes tokens. */
@ConfigMapping(prefix = "tessera.generator")
public interface GeneratorConfig {
    /** Most images of one model in flight; each takes the memory of one row of keys and values, two with guidance. */
    @WithDefault("16")
    int slots();

    /** What computes the steps: `cpu`, `cuda`, or `cpu-bound`, the processor by the way of a device. */
    @WithDefault("cpu")
    Device device();

    /** Threads that share the work of one step; 0 for one per physical core. */
    @WithDefault("0")
    int threads();

    /** Whether idle threads wait busily: faster on a machine of one's own, slower on a shared one. */
    @WithDefault("false")
    boolean spinning();

    /** Least time between two progress events of one image. */
    @WithDefault("PT0.2S")
    Duration progressInterval();

    /**
     * How long images in flight may go on after the service was told to stop; those that are unfinished then are left to
     * others, with what is done of them.
     */
    @WithDefault("PT3S")
    Duration drainTimeout();
}
