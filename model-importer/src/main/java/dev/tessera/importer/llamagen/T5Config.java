package dev.tessera.importer.llamagen;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tessera.importer.ImportException;
import dev.tessera.importer.ImportException.Reason;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The dimensions of a T5 encoder, as a Hugging Face {@code config.json} gives them.
 *
 * @param width d_model of one state
 * @param headSize d_kv; heads times it may differ from the width
 * @param hidden d_ff inside the feed-forward layers
 * @param buckets number of relative positions told apart
 * @param maxDistance from which on all positions share a bucket
 * @param epsilon of the RMS normalisation
 */
public record T5Config(
        int layers, int heads, int width, int headSize, int hidden, int buckets, int maxDistance, float epsilon) {
    /** @throws ImportException when it is not the configuration of a gated-GELU T5 (T5 v1.1, FLAN-T5, mT5) */
    public static T5Config read(Path file) {
        JsonNode config;
        try {
            config = new ObjectMapper().readTree(file.toFile());
        } catch (IOException e) {
            throw new ImportException(Reason.UNREADABLE_FILE, file + " cannot be read as JSON: " + e.getMessage(), e);
        }
        String projection = config.path("feed_forward_proj").asText("relu");
        if (!projection.equals("gated-gelu")) {
            throw new ImportException(
                    Reason.UNSUPPORTED, file + " has feed_forward_proj '" + projection + "', expected 'gated-gelu'");
        }
        return new T5Config(
                whole(file, config, "num_layers"),
                whole(file, config, "num_heads"),
                whole(file, config, "d_model"),
                whole(file, config, "d_kv"),
                whole(file, config, "d_ff"),
                config.path("relative_attention_num_buckets").asInt(32),
                config.path("relative_attention_max_distance").asInt(128),
                (float) config.path("layer_norm_epsilon").asDouble(1e-6));
    }

    public T5Config {
        // Half of the buckets are for each direction, and half of those for one position each.
        if (buckets < 4 || buckets % 2 != 0 || maxDistance <= buckets / 4) {
            throw new ImportException(
                    Reason.UNSUPPORTED,
                    buckets + " relative attention buckets up to distance " + maxDistance + " are not supported");
        }
    }

    private static int whole(Path file, JsonNode config, String key) {
        int value = config.path(key).asInt(0);
        if (value < 1) {
            throw new ImportException(Reason.MALFORMED_FILE, file + " has no positive '" + key + "'");
        }
        return value;
    }

    /** Width of all heads together. */
    int inner() {
        return heads * headSize;
    }

    /**
     * The bucket of a key that lies {@code distance} positions after its query: exact for small distances, then
     * logarithmic, separate for the two directions (T5, arXiv 1910.10683, section 2.1). In 32 bits like the trained
     * model, since bucket limits are where rounding shows.
     */
    int bucket(int distance) {
        int half = buckets / 2;
        int exact = half / 2;
        int offset = distance > 0 ? half : 0;
        int size = Math.abs(distance);
        if (size < exact) {
            return offset + size;
        }
        float share = (float) Math.log((float) size / exact) / (float) Math.log((double) maxDistance / exact);
        int far = exact + (int) (share * (half - exact));
        return offset + Math.min(far, half - 1);
    }
}
