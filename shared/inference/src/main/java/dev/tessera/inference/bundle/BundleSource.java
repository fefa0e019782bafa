package dev.tessera.inference.bundle;

import java.io.IOException;
import java.io.OutputStream;

/** Where the files of bundles lie that are not in a folder yet. What comes from there is trusted by its digest alone. */
@FunctionalInterface
public interface BundleSource {
    /**
     * Writes a file to the target, piece by piece. Where it fails, the target may have got a part of it.
     *
     * @param name the bundle's prefix, a slash and the file's name
     * @return whether there is such a file
     * @throws IOException when the target does not take it
     * @throws BundleException {@link BundleException.Reason#SOURCE_AWAY} when it may go better another time, otherwise
     *     {@link BundleException.Reason#SOURCE_REFUSED}
     */
    boolean copyTo(String name, OutputStream target) throws IOException;
}
