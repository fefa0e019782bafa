package dev.tessera.gateway;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.Map;

/** A gateway with pools of its own, and a log in which no other test has jobs. */
public final class PooledGateway implements QuarkusTestProfile {
    static final String GENERATORS = "mosaics";
    static final String DECODERS = "pictures";

    @Override
    public Map<String, String> getConfigOverrides() {
        return Map.of(
                "tessera.gateway.pools.mosaics.stage", "generator",
                "tessera.gateway.pools.mosaics.models", "tiny-text",
                "tessera.gateway.pools.mosaics.target", "7s",
                "tessera.gateway.pools.pictures.stage", "decoder",
                "tessera.gateway.pools.pictures.models", "tiny-text,tiny-class");
    }
}
