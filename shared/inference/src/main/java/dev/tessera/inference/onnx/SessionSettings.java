package dev.tessera.inference.onnx;

import dev.tessera.inference.foreign.NativeOptions;
import dev.tessera.inference.foreign.NativeRuntime;
import dev.tessera.inference.foreign.OrtStatusException;
import java.util.Map;

/** Options in the terms of ONNX Runtime's C interface. */
final class SessionSettings {
    /** Asks for those products in eight bits which are exact without VNNI too. With it they are half as fast, and no better. */
    static final String SLOW_BYTE_PRODUCTS = "session.x64quantprecision";

    /**
     * Memory grows by what is asked for, since what is large, a cache, is asked for once; and numbers of 32 bits are multiplied
     * with all of them.
     */
    private static final Map<String, String> CUDA = Map.of(
            "device_id", "0",
            "arena_extend_strategy", "kSameAsRequested",
            "cudnn_conv_algo_search", "HEURISTIC",
            "use_tf32", "0");

    private SessionSettings() {}

    /** @throws OnnxException when the device cannot be used */
    static NativeOptions of(NativeRuntime runtime, GraphOptions options) throws OrtStatusException {
        NativeOptions settings = runtime.options();
        try {
            settings.sequential(options.threads());
            settings.set("session.intra_op.allow_spinning", options.spinning() ? "1" : "0");
            settings.set(SLOW_BYTE_PRODUCTS, slowByteProducts());
            settings.set(FlushedSubnormals.OPTION, FlushedSubnormals.option());
            settings.optimisation(level(options.optimisation()));
            choose(options.device(), settings);
            return settings;
        } catch (OrtStatusException | OnnxException e) {
            settings.close();
            throw e;
        }
    }

    /** What {@link #SLOW_BYTE_PRODUCTS} is to be on this processor. */
    static String slowByteProducts() {
        return Processor.THIS.sumsBytesExactly() ? "0" : "1";
    }

    private static void choose(Device device, NativeOptions settings) throws OrtStatusException {
        switch (device) {
            case CPU, CPU_BOUND -> {}
            case CUDA -> {
                CudaProvider.unpack();
                useCuda(settings);
                // A graph of which the processor computes a part moves its cache over the bus at every step: better
                // none.
                settings.set("session.disable_cpu_ep_fallback", "1");
            }
        }
    }

    private static void useCuda(NativeOptions settings) {
        try {
            settings.cuda(CUDA);
        } catch (OrtStatusException e) {
            throw CudaProvider.unusable(e);
        }
    }

    private static int level(GraphOptions.Optimisation optimisation) {
        return switch (optimisation) {
            case NONE -> 0;
            case BASIC -> 1;
            case EXTENDED -> 2;
            case ALL -> 99;
        };
    }
}
