package dev.tessera.importer;

/** A checkpoint that is not imported; the message names the file, tensor, opcode or global at fault. */
public final class ImportException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    public ImportException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public ImportException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }

    /** Why an import was refused. */
    public enum Reason {
        /** An option contradicts the checkpoint or itself. */
        INVALID_OPTION,
        /** A file is missing, cannot be read or ends too early. */
        UNREADABLE_FILE,
        /** A file's own structure is broken: offsets, headers, indices. */
        MALFORMED_FILE,
        /** A pickle asks for something other than tensors and plain values. */
        UNSAFE_PICKLE,
        /** The checkpoint lacks a tensor. */
        MISSING_TENSOR,
        /** A tensor has another shape or element type than its place in the network. */
        WRONG_SHAPE,
        /** A weight is NaN or infinite, or does not fit the storage type asked for. */
        INVALID_WEIGHT,
        /** The network is of a kind this importer has no graph for. */
        UNSUPPORTED,
        /** The target directory exists. */
        TARGET_EXISTS,
        /** The bundle cannot be written. */
        WRITE_FAILED
    }
}
