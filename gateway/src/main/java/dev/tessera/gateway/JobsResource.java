package dev.tessera.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tessera.gateway.GatewayException.Reason;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Multi;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.io.InputStream;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jboss.resteasy.reactive.RestStreamElementType;
import org.jspecify.annotations.Nullable;

/** Jobs over HTTP; {@code META-INF/openapi.yaml} describes it. */
@Path("/v1/jobs")
@Blocking
@Produces(MediaType.APPLICATION_JSON)
public final class JobsResource {
    private static final Pattern LIMIT = Pattern.compile("[1-9][0-9]?|100");

    private final JobService jobs;
    private final RequestBody requestBody;
    private final JobEventStream events;

    JobsResource(JobService jobs, RequestBody requestBody, JobEventStream events) {
        this.jobs = jobs;
        this.requestBody = requestBody;
        this.events = events;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Response submit(@Context HttpHeaders headers, InputStream body) {
        Tenant tenant = tenant(headers);
        Optional<String> key = IdempotencyKey.of(headers);
        JobDocument job = requestBody.read(headers, body, content -> jobs.submit(tenant, content, key));
        return Response.accepted(job.body())
                .location(URI.create("/v1/jobs/" + job.id()))
                .build();
    }

    @GET
    public Map<String, Object> list(@Context HttpHeaders headers, @QueryParam("limit") @Nullable String limit) {
        List<JsonNode> newest = jobs.newest(tenant(headers), limit(limit)).stream()
                .map(JobDocument::body)
                .toList();
        return Map.of("object", "list", "data", newest);
    }

    @GET
    @Path("/{id}")
    public JsonNode get(@Context HttpHeaders headers, @PathParam("id") String id) {
        return jobs.get(tenant(headers), id).body();
    }

    @DELETE
    @Path("/{id}")
    public Response cancel(@Context HttpHeaders headers, @PathParam("id") String id) {
        JobCanceller.Outcome outcome = jobs.cancel(tenant(headers), id);
        return Response.status(outcome.byThisCall() ? 202 : 200)
                .entity(outcome.job().body())
                .build();
    }

    @GET
    @Path("/{id}/events")
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @RestStreamElementType(MediaType.TEXT_PLAIN)
    public Multi<OutboundSseEvent> events(@Context HttpHeaders headers, @Context Sse sse, @PathParam("id") String id) {
        JobDocument now = jobs.get(tenant(headers), id);
        return events.of(id, now, sse);
    }

    private static Tenant tenant(HttpHeaders headers) {
        return Tenant.of(headers.getRequestHeader(Tenant.HEADER));
    }

    private static int limit(@Nullable String limit) {
        if (limit == null) {
            return 20;
        }
        if (!LIMIT.matcher(limit).matches()) {
            throw new GatewayException(Reason.INVALID_QUERY, "limit takes an integer from 1 to 100");
        }
        return Integer.parseInt(limit);
    }
}
