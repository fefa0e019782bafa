package dev.tessera.pipeline.wiring;

import dev.tessera.pipeline.kafka.TopicSetup;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready when a broker answers and the queues have their topics and slots. */
@Readiness
@ApplicationScoped
public class PipelineReadiness implements HealthCheck {
    private final TopicSetup topics;
    private final Instance<WorkQueueConnector> connector;

    public PipelineReadiness(TopicSetup topics, @Any Instance<WorkQueueConnector> connector) {
        this.topics = topics;
        this.connector = connector;
    }

    @Override
    public HealthCheckResponse call() {
        boolean reachable = topics.isReachable();
        boolean queues = connector.stream().allMatch(WorkQueueConnector::isReady);
        return HealthCheckResponse.named("pipeline")
                .withData("broker", reachable)
                .withData("queues", queues)
                .status(reachable && queues)
                .build();
    }
}
