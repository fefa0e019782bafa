package dev.tessera.gateway.png;

/** A file that cannot be used as a picture. The message goes on after the name of the field, and says what would be right. */
public final class PngException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    PngException(String message) {
        super(message);
    }

    /** What is wrong, and what would be right. */
    public String detail() {
        return String.valueOf(getMessage());
    }
}
