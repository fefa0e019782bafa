package dev.tessera.inference.bundle;

import java.util.Locale;

/** A model bundle cannot be used; the message names the file. */
public class BundleException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final Reason reason;

    public BundleException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public BundleException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }

    /** What is wrong with the bundle. */
    public enum Reason {
        /** There is no bundle, or its manifest is missing, unreadable or not valid. */
        INVALID_MANIFEST,
        /** A file of the manifest, or one that the family needs, is not there. */
        FILE_MISSING,
        /** A file is not what the manifest vouches for. */
        FILE_ALTERED,
        /** A file that the manifest does not know. */
        FILE_UNKNOWN,
        /** The disk did not do what was asked. */
        UNREADABLE,
        /** Where bundles are fetched from does not answer; it may do so later. */
        SOURCE_AWAY,
        /** Where bundles are fetched from answers, but does not give the file. */
        SOURCE_REFUSED,
        /** Two bundles of one name. */
        DUPLICATE_MODEL,
        /** A model that no bundle of the catalog has. */
        UNKNOWN_MODEL;

        public String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
