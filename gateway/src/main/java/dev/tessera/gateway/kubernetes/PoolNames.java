package dev.tessera.gateway.kubernetes;

/**
 * How the chart names a pool's objects.
 *
 * @param namespace where they are
 * @param release their label {@value #RELEASE}
 * @param prefix what stands before the pool's name in theirs
 */
record PoolNames(String namespace, String release, String prefix) {
    static final String POOL = "tessera.dev/pool";
    static final String RELEASE = "app.kubernetes.io/instance";

    String of(String pool) {
        return prefix + pool;
    }
}
