package dev.tessera.inference.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import dev.tessera.inference.onnx.OnnxException.Reason;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** The process's one runtime environment, made on first use. */
final class OnnxRuntime {
    /**
     * Where the native libraries lie unpacked. Without it they are unpacked to the temporary folder at each start, and
     * left there when the process is killed.
     */
    static final String NATIVE_PATH = "onnxruntime.native.path";

    /**
     * The runtime searches the command line of its process as it starts, in a recursion that takes about 250 bytes of stack
     * for each character: at 4,000 characters it ends the process on a thread with the usual megabyte. Only what is used of
     * this becomes memory.
     */
    private static final long STARTING_STACK = 256L << 20;

    private OnnxRuntime() {}

    static OrtEnvironment environment() {
        try {
            return Holder.ENVIRONMENT;
        } catch (LinkageError e) {
            String place = System.getProperty(NATIVE_PATH, "the temporary folder");
            throw new OnnxException(
                    Reason.RUNTIME_UNAVAILABLE,
                    "ONNX Runtime's native library could not be loaded (" + NATIVE_PATH + ": " + place + "): "
                            + e.getMessage(),
                    e);
        }
    }

    /** Loads the native library when it is first asked for, not when a class of this package is. */
    private static final class Holder {
        static final OrtEnvironment ENVIRONMENT = start();
    }

    /** None of its code may be {@link Holder}'s, whose initialisation waits for it. */
    private static OrtEnvironment start() {
        try {
            return CompletableFuture.supplyAsync(OnnxRuntime::create, task -> Thread.ofPlatform()
                            .name("onnx-runtime")
                            .stackSize(STARTING_STACK)
                            .start(task))
                    .join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof LinkageError missing
                    ? missing
                    : new ExceptionInInitializerError(e.getCause());
        }
    }

    private static OrtEnvironment create() {
        OrtEnvironment environment =
                OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_WARNING, "tessera");
        try {
            environment.setTelemetry(false);
            outliveShutdownHooks();
        } catch (OrtException | ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
        return environment;
    }

    /**
     * Asks for the environment a second time. It is counted, and the Java API gives its own reference back in a shutdown hook,
     * beside the one in which a service ends its work: whatever ran in the network then would end the process.
     */
    private static void outliveShutdownHooks() throws ReflectiveOperationException {
        Field api = Class.forName("ai.onnxruntime.OnnxRuntime").getDeclaredField("ortApiHandle");
        api.setAccessible(true);
        Method create = OrtEnvironment.class.getDeclaredMethod("createHandle", long.class, int.class, String.class);
        create.setAccessible(true);
        create.invoke(null, api.getLong(null), OrtLoggingLevel.ORT_LOGGING_LEVEL_WARNING.getValue(), "tessera");
    }
}
