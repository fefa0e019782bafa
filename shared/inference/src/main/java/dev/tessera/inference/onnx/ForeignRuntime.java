package dev.tessera.inference.onnx;

import dev.tessera.inference.foreign.NativeRuntime;
import dev.tessera.inference.foreign.OrtStatusException;
import dev.tessera.inference.onnx.OnnxException.Reason;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;

/** The process's one runtime by the C interface: the library that the Java interface has loaded, and its environment. */
final class ForeignRuntime {
    private ForeignRuntime() {}

    /** @throws OnnxException when the library cannot be loaded */
    static NativeRuntime get() {
        // Loads the library, and starts it on a stack that is large enough.
        OnnxRuntime.environment();
        return Holder.RUNTIME;
    }

    private static final class Holder {
        static final NativeRuntime RUNTIME = start();
    }

    private static NativeRuntime start() {
        try {
            return NativeRuntime.of(library());
        } catch (OrtStatusException | IllegalArgumentException e) {
            throw new OnnxException(
                    Reason.RUNTIME_UNAVAILABLE,
                    "ONNX Runtime's native library has not what is needed to bind memory: " + e.getMessage() + "; set "
                            + OnnxRuntime.NATIVE_PATH + " to the folder with its libraries",
                    e);
        }
    }

    /** Of the place where the Java interface looks first; what it has unpacked itself is known to its class loader. */
    private static SymbolLookup library() {
        Path unpacked = Path.of(System.getProperty(OnnxRuntime.NATIVE_PATH, ""), System.mapLibraryName("onnxruntime"));
        return Files.isRegularFile(unpacked)
                ? SymbolLookup.libraryLookup(unpacked.toAbsolutePath(), Arena.global())
                : SymbolLookup.loaderLookup();
    }
}
