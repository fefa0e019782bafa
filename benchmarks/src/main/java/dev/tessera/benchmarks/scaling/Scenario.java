package dev.tessera.benchmarks.scaling;

/**
 * A day of a pool.
 *
 * @param seconds how long it is looked at
 */
record Scenario(String name, Arrivals arrivals, Mix mix, PoolShape pool, double seconds, long seed) {
    /**
     * @param min the fewest replicas
     * @param max the most replicas
     * @param coldStart seconds from the wish for a replica to its first image: a node, the image, the model
     * @param lossPerHour how often a replica's node is taken away
     * @param notice seconds from that news to its end
     */
    record PoolShape(int min, int max, double coldStart, double lossPerHour, double notice) {}
}
