package dev.tessera.inference.bundle;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where the weights came from.
 *
 * @param sources the imported files' names with their SHA-256 in hex
 */
public record Provenance(String importer, Map<String, String> sources) {
    public Provenance {
        sources = Collections.unmodifiableMap(new TreeMap<>(sources));
    }
}
