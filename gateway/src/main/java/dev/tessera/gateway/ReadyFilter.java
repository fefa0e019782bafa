package dev.tessera.gateway;

import jakarta.ws.rs.container.ContainerRequestContext;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/** Answers nothing about jobs before the past is known: a job that is not found might be one that is not read yet. */
final class ReadyFilter {
    private final JobFollower follower;

    ReadyFilter(JobFollower follower) {
        this.follower = follower;
    }

    @ServerRequestFilter
    void refuseEarly(ContainerRequestContext request) {
        if (!follower.caughtUp() && request.getUriInfo().getPath().startsWith("/v1/jobs")) {
            throw new GatewayException(
                    GatewayException.Reason.NOT_READY, "the event log is still being read; ask again");
        }
    }
}
