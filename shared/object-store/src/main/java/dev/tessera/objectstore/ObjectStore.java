package dev.tessera.objectstore;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One bucket. Names are paths with slashes; contents are whole byte arrays, since the largest object is a picture; but for
 * what {@link #copyTo} reads.
 *
 * <p>Every method throws {@link ObjectStoreException}. Safe for use by many threads.
 */
public interface ObjectStore {
    /** Makes the bucket where there is none. */
    void createBucket();

    /**
     * Writes an object unless one of that name is there.
     *
     * @param metadata user metadata, keys in lower case
     * @return whether this call wrote it
     */
    boolean putIfAbsent(String name, byte[] content, String contentType, Map<String, String> metadata);

    Optional<byte[]> get(String name);

    /**
     * Writes an object of any size to the target, piece by piece, for as long as it takes: only a pause between two pieces has
     * a limit. Where it fails, the target may have got a part of it.
     *
     * @return whether there is such an object
     * @throws IOException when the target does not take it
     */
    boolean copyTo(String name, OutputStream target) throws IOException;

    Optional<ObjectStat> stat(String name);

    /** A URL by which anyone can read the object until the time is up. */
    URI presignGet(String name, Duration validity);

    /** The names below a prefix, in lexicographic order, at most {@code limit} of them. */
    List<String> list(String prefix, int limit);

    /** Removes an object; one that is not there is fine. */
    void delete(String name);
}
