package dev.tessera.decoder;

import dev.tessera.pipeline.ModelVersion;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready once the models are open; tells which. */
@Readiness
@ApplicationScoped
class ModelsReady implements HealthCheck {
    private final Painters painters;

    ModelsReady(Painters painters) {
        this.painters = painters;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("models")
                .withData("served", ModelVersion.names(painters.versions()))
                .up()
                .build();
    }
}
