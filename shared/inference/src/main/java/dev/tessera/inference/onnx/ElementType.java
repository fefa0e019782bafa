package dev.tessera.inference.onnx;

import ai.onnxruntime.OnnxJavaType;
import java.util.Arrays;
import java.util.Optional;

/** What a tensor holds. */
public enum ElementType {
    FLOAT32(OnnxJavaType.FLOAT, Float.BYTES),
    INT32(OnnxJavaType.INT32, Integer.BYTES),
    INT64(OnnxJavaType.INT64, Long.BYTES);

    private final OnnxJavaType javaType;
    private final int bytes;

    ElementType(OnnxJavaType javaType, int bytes) {
        this.javaType = javaType;
        this.bytes = bytes;
    }

    /** Size of one element. */
    public int bytes() {
        return bytes;
    }

    OnnxJavaType javaType() {
        return javaType;
    }

    static Optional<ElementType> of(OnnxJavaType javaType) {
        return Arrays.stream(values()).filter(type -> type.javaType == javaType).findFirst();
    }
}
