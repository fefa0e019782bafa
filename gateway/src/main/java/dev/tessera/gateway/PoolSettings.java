package dev.tessera.gateway;

import java.util.Locale;

/**
 * How large a pool may be.
 *
 * @param autoscaled whether its size is found between the bounds; otherwise they are the same
 * @param min the fewest replicas
 * @param max the most replicas
 */
public record PoolSettings(boolean autoscaled, int min, int max, Mode mode) {
    /** Whether its size follows its work. */
    public enum Mode {
        RUNNING,
        /** It stays as large as it is. */
        PAUSED,
        /** It has no replicas, whatever there is to do. */
        DRAINED;

        public String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Of a fixed size; none at all is drained. */
    public static PoolSettings fixed(int replicas) {
        return new PoolSettings(false, replicas, replicas, replicas == 0 ? Mode.DRAINED : Mode.RUNNING);
    }
}
