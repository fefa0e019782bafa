package dev.tessera.inference.onnx;

import ai.onnxruntime.OnnxJavaType;
import java.util.Arrays;
import java.util.Optional;

/** What a tensor holds. */
public enum ElementType {
    FLOAT32(OnnxJavaType.FLOAT, 1, Float.BYTES),
    /** Where keys and values are kept in it; what reads it as numbers is the graph alone. */
    FLOAT16(OnnxJavaType.FLOAT16, 10, Short.BYTES),
    INT32(OnnxJavaType.INT32, 6, Integer.BYTES),
    INT64(OnnxJavaType.INT64, 7, Long.BYTES);

    private final OnnxJavaType javaType;
    private final int nativeType;
    private final int bytes;

    ElementType(OnnxJavaType javaType, int nativeType, int bytes) {
        this.javaType = javaType;
        this.nativeType = nativeType;
        this.bytes = bytes;
    }

    /** Size of one element. */
    public int bytes() {
        return bytes;
    }

    OnnxJavaType javaType() {
        return javaType;
    }

    /** Its number in {@code ONNXTensorElementDataType}. */
    int nativeType() {
        return nativeType;
    }

    static Optional<ElementType> of(OnnxJavaType javaType) {
        return Arrays.stream(values()).filter(type -> type.javaType == javaType).findFirst();
    }

    static Optional<ElementType> of(int nativeType) {
        return Arrays.stream(values())
                .filter(type -> type.nativeType == nativeType)
                .findFirst();
    }
}
