package dev.tessera.gateway;

import dev.tessera.testkit.FreePorts;
import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.Map;

/** A gateway with pools of its own, and a log in which no other test has jobs. */
public final class PooledGateway implements QuarkusTestProfile {
    private static final int SCALER = FreePorts.next();

    @Override
    public Map<String, String> getConfigOverrides() {
        return Map.of(
                "quarkus.grpc.server.test-port", Integer.toString(SCALER),
                "tessera.gateway.pools.classes.stage", "generator",
                "tessera.gateway.pools.classes.models", "tiny-class",
                "tessera.gateway.pools.mosaics.stage", "generator",
                "tessera.gateway.pools.mosaics.models", "tiny-text",
                "tessera.gateway.pools.mosaics.target", "7s",
                "tessera.gateway.pools.pictures.stage", "decoder",
                "tessera.gateway.pools.pictures.models", "tiny-text,tiny-class");
    }
}
