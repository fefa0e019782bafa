package dev.tessera.generation;

import dev.tessera.pipeline.ModelVersion;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Set;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready once the models are open and while their steps succeed; tells which are served and which are broken. */
@Readiness
@ApplicationScoped
class ModelsReady implements HealthCheck {
    private final Generators generators;

    ModelsReady(Generators generators) {
        this.generators = generators;
    }

    @Override
    public HealthCheckResponse call() {
        Set<String> broken = generators.broken();
        return HealthCheckResponse.named("models")
                .withData("served", ModelVersion.names(generators.versions()))
                .withData("broken", String.join(", ", broken))
                .status(broken.isEmpty())
                .build();
    }
}
