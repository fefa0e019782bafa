package dev.tessera.gateway;

import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready once the past is known. A log that is away later is no reason to stop answering from memory. */
@Readiness
final class JobFollowerHealth implements HealthCheck {
    private final JobFollower follower;

    JobFollowerHealth(JobFollower follower) {
        this.follower = follower;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("job events")
                .status(follower.caughtUp())
                .withData("live", follower.live())
                .build();
    }
}
