package dev.tessera.inference.onnx;

import ai.onnxruntime.OnnxTensor;
import dev.tessera.inference.foreign.NativeValue;
import dev.tessera.inference.onnx.OnnxException.Reason;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/** Memory of a device, which has no buffers to look into. */
final class DeviceTensor extends Tensor {
    private final Device device;

    /** Its address is the device's. */
    private final MemorySegment memory;

    private final NativeValue value;

    /** @param owner of what the runtime knows the memory by, not of the memory */
    DeviceTensor(Device device, TensorMemory owner, MemorySegment memory, ElementType type, long... shape) {
        super(type, shape);
        this.device = device;
        this.memory = memory;
        this.value = value(device, memory, type, shape);
        owner.own(value::close);
    }

    @Override
    Tensor window(TensorMemory owner, ElementType as, long offset, long length, long... shape) {
        return new DeviceTensor(device, owner, memory.asSlice(offset, length), as, shape);
    }

    @Override
    long byteSize() {
        return memory.byteSize();
    }

    @Override
    ByteBuffer bytes() {
        throw new IllegalStateException(
                this + " is in memory of " + device + ", where nothing else reads or writes it");
    }

    @Override
    OnnxTensor handle() {
        throw new OnnxException(Reason.BINDING_MISMATCH, this + " is in memory of " + device + ", the graph is not");
    }

    @Override
    NativeValue value() {
        return value;
    }
}
