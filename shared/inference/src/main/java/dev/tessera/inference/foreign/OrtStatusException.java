package dev.tessera.inference.foreign;

/** What ONNX Runtime says when a call fails. */
public final class OrtStatusException extends Exception {
    private static final long serialVersionUID = 1L;
    private final int code;

    OrtStatusException(int code, String message) {
        super(message);
        this.code = code;
    }

    /** One of {@code OrtErrorCode}. */
    public int code() {
        return code;
    }
}
