package dev.tessera.importer.graph;

/** Element types by their ONNX numbers. */
public enum DataType {
    FLOAT(1, 4),
    UINT8(2, 1),
    INT8(3, 1),
    INT32(6, 4),
    INT64(7, 8),
    FLOAT16(10, 2);

    private final int code;
    private final int bytes;

    DataType(int code, int bytes) {
        this.code = code;
        this.bytes = bytes;
    }

    /** The number in {@code TensorProto.DataType}. */
    public int code() {
        return code;
    }

    int bytes() {
        return bytes;
    }
}
