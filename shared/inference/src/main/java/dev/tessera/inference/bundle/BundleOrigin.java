package dev.tessera.inference.bundle;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which bundle a folder is to have.
 *
 * @param prefix where its files lie: their names are the prefix, a slash and the file's name
 * @param digest SHA-256 of its manifest in lower case hex; empty to take the bundle that is there
 */
record BundleOrigin(String prefix, Optional<String> digest) {
    private static final Pattern PREFIX = Pattern.compile("[^/\\s](\\S*[^/\\s])?");

    BundleOrigin {
        if (!PREFIX.matcher(prefix).matches()) {
            throw new IllegalArgumentException(
                    "The prefix '" + prefix + "' of a bundle is empty, has blanks, or begins or ends with a slash");
        }
        digest.filter(wanted -> !ManifestRules.isDigest(wanted)).ifPresent(wanted -> {
            throw new IllegalArgumentException(
                    "The digest '" + wanted + "' of the bundle " + prefix + " is no SHA-256 in lower case hex");
        });
    }

    String nameOf(String file) {
        return prefix + "/" + file;
    }
}
