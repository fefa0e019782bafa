package dev.tessera.generation;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Set;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/** Alive while every model's generator thread is. */
@Liveness
@ApplicationScoped
class GeneratorsAlive implements HealthCheck {
    private final Generators generators;

    GeneratorsAlive(Generators generators) {
        this.generators = generators;
    }

    @Override
    public HealthCheckResponse call() {
        Set<String> dead = generators.dead();
        return HealthCheckResponse.named("generators")
                .withData("dead", String.join(", ", dead))
                .status(dead.isEmpty())
                .build();
    }
}
