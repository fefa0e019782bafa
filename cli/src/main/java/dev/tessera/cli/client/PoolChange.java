package dev.tessera.cli.client;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * What is to become of a pool, as JSON; what is absent stays as it is.
 *
 * @param mode running, paused or drained
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PoolChange(
        @Nullable Integer min,
        @Nullable Integer max,
        @Nullable String mode) {
    public static PoolChange mode(String mode) {
        return new PoolChange(null, null, mode);
    }
}
