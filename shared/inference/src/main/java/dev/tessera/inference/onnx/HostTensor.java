package dev.tessera.inference.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import dev.tessera.inference.foreign.NativeValue;
import dev.tessera.inference.onnx.OnnxException.Reason;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** Memory of the process. Each way to the runtime knows it by something of its own, which is made when it is first bound. */
final class HostTensor extends Tensor {
    private final TensorMemory owner;
    private final ByteBuffer bytes;
    private @Nullable OnnxTensor handle;
    private @Nullable NativeValue value;

    /** @param owner of what the runtime knows the memory by */
    HostTensor(TensorMemory owner, ByteBuffer bytes, ElementType type, long... shape) {
        super(type, shape);
        this.owner = owner;
        this.bytes = bytes;
    }

    @Override
    Tensor window(TensorMemory owner, ElementType as, long offset, long length, long... shape) {
        ByteBuffer part = bytes.slice(Math.toIntExact(offset), Math.toIntExact(length));
        return new HostTensor(owner, part.order(ByteOrder.nativeOrder()), as, shape);
    }

    @Override
    long byteSize() {
        return bytes.capacity();
    }

    @Override
    ByteBuffer bytes() {
        return bytes;
    }

    @Override
    OnnxTensor handle() {
        OnnxTensor known = handle;
        if (known == null) {
            known = pin();
            owner.own(known::close);
            handle = known;
        }
        return known;
    }

    @Override
    NativeValue value() {
        NativeValue known = value;
        if (known == null) {
            known = value(Device.CPU, MemorySegment.ofBuffer(bytes), type(), shape());
            owner.own(known::close);
            value = known;
        }
        return known;
    }

    private OnnxTensor pin() {
        try {
            return OnnxTensor.createTensor(OnnxRuntime.environment(), bytes, shape(), type().javaType());
        } catch (OrtException e) {
            throw new OnnxException(Reason.BINDING_MISMATCH, "no tensor " + this + ": " + e.getMessage(), e);
        }
    }
}
