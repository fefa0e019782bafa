package dev.tessera.tokenizer;

import dev.tessera.pipeline.ModelVersion;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready once the models are open; tells which. */
@Readiness
@ApplicationScoped
class ModelsReady implements HealthCheck {
    private final Conditioners conditioners;

    ModelsReady(Conditioners conditioners) {
        this.conditioners = conditioners;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("models")
                .withData("served", ModelVersion.names(conditioners.versions()))
                .up()
                .build();
    }
}
