package dev.tessera.inference.onnx;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.tessera.inference.onnx.OnnxException.Reason;

/** The part of ONNX Runtime that computes on NVIDIA devices; a library of its own, in the artifact {@code onnxruntime_gpu}. */
final class CudaProvider {
    private CudaProvider() {}

    /**
     * Puts its library beside the runtime's, where it is looked for. The Java interface does that when it is asked for the
     * provider; where the libraries lie unpacked it only looks whether they do.
     *
     * @throws OnnxException when there is none, or it cannot be loaded here
     */
    static void unpack() {
        try (OrtSession.SessionOptions asked = new OrtSession.SessionOptions()) {
            asked.addCUDA(0);
        } catch (OrtException e) {
            throw unusable(e);
        }
    }

    static OnnxException unusable(Exception cause) {
        return new OnnxException(
                Reason.RUNTIME_UNAVAILABLE,
                "CUDA cannot be used here: it takes a build with the Maven profile cuda, the libraries of CUDA and cuDNN, and an"
                        + " NVIDIA device (" + cause.getMessage() + ")",
                cause);
    }
}
