package dev.tessera.inference.onnx;

import dev.tessera.inference.foreign.NativeAllocator;
import dev.tessera.inference.foreign.NativeBinding;
import dev.tessera.inference.foreign.NativeOptions;
import dev.tessera.inference.foreign.NativeRuntime;
import dev.tessera.inference.foreign.NativeSession;
import dev.tessera.inference.foreign.OrtStatusException;
import dev.tessera.inference.onnx.OnnxException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * Memory that a session's own allocator gives. A graph that does nothing but copy fills and copies it: so the numbers stay on the
 * device, and no library of the device's is called.
 */
final class DeviceMemory implements ResidentMemory {
    /** copy.onnx: from float [n] → to float [n]. */
    private static final String COPY = "copy.onnx";

    /** How many zeros there are to fill memory from. */
    private static final long ZEROS = 1 << 20;

    private final Device device;
    private final NativeAllocator allocator;
    private final NativeSession copy;
    private final TensorMemory tensors = new TensorMemory();

    private DeviceMemory(Device device, NativeAllocator allocator, NativeSession copy) {
        this.device = device;
        this.allocator = allocator;
        this.copy = copy;
    }

    static DeviceMemory of(Device device, NativeRuntime runtime, NativeSession session) {
        var options = GraphOptions.defaults().withThreads(1).withDevice(device);
        try (NativeOptions settings = SessionSettings.of(runtime, options)) {
            NativeSession copy = runtime.open(copyGraph(), settings);
            return new DeviceMemory(device, runtime.allocator(session, device.place()), copy);
        } catch (OrtStatusException e) {
            throw failed(device, e);
        }
    }

    @Override
    public Tensor allocate(ElementType type, long... shape) {
        try {
            MemorySegment memory = allocator.allocate(TensorMemory.byteSize(type, shape));
            var tensor = new DeviceTensor(device, tensors, memory, type, shape);
            clear(tensor);
            return tensor;
        } catch (OrtStatusException e) {
            throw failed(device, e);
        }
    }

    /** All of its slots, since they lie in one piece. */
    @Override
    public void copyRow(Tensor tensor, int from, int to, int filled) {
        long row = tensor.byteSize() / tensor.shape()[0];
        try (TensorMemory views = new TensorMemory()) {
            copy(words(views, tensor, from * row, row), words(views, tensor, to * row, row));
        }
    }

    @Override
    public void close() {
        tensors.close();
        copy.close();
        try {
            allocator.close();
        } catch (OrtStatusException e) {
            throw failed(device, e);
        }
    }

    private void clear(Tensor tensor) {
        long bytes = tensor.byteSize();
        try (TensorMemory views = new TensorMemory()) {
            Tensor zeros = views.float32(Math.min(Math.ceilDiv(bytes, Float.BYTES), ZEROS));
            for (long offset = 0; offset < bytes; offset += zeros.byteSize()) {
                long length = Math.min(bytes - offset, zeros.byteSize());
                copy(words(views, zeros, 0, length), words(views, tensor, offset, length));
            }
        }
    }

    /** A part as the graph that copies takes it, whatever it holds; its bytes are a multiple of four. */
    private static Tensor words(TensorMemory views, Tensor tensor, long offset, long length) {
        return tensor.window(views, ElementType.FLOAT32, offset, length, length / Float.BYTES);
    }

    private void copy(Tensor from, Tensor to) {
        try (NativeBinding binding = copy.bind()) {
            binding.input("from", from.value());
            binding.output("to", to.value());
            binding.run();
        } catch (OrtStatusException e) {
            throw new OnnxException(Reason.RUN_FAILED, "a copy on " + device + " failed: " + e.getMessage(), e);
        }
    }

    private static byte[] copyGraph() {
        try (InputStream graph = Objects.requireNonNull(DeviceMemory.class.getResourceAsStream(COPY))) {
            return graph.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static OnnxException failed(Device device, OrtStatusException cause) {
        return new OnnxException(
                Reason.OUT_OF_MEMORY, "memory of " + device + " cannot be used: " + cause.getMessage(), cause);
    }
}
