package dev.tessera.objectstore;

import java.time.Instant;
import java.util.Map;

/** @param metadata user metadata, keys in lower case */
public record ObjectStat(long size, String contentType, Instant lastModified, Map<String, String> metadata) {
    public ObjectStat {
        metadata = Map.copyOf(metadata);
    }
}
