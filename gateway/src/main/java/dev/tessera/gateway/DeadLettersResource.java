package dev.tessera.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tessera.gateway.GatewayException.Reason;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The dead letters of all tenants over HTTP, for operators. */
@Path("/v1/dead-letters")
@Blocking
@Produces(MediaType.APPLICATION_JSON)
public final class DeadLettersResource {
    private static final Pattern LIMIT = Pattern.compile("[1-9][0-9]?|100");
    private static final Pattern ID = Pattern.compile("[0-9]{1,18}");

    private final DeadLetterService letters;

    DeadLettersResource(DeadLetterService letters) {
        this.letters = letters;
    }

    @GET
    public Map<String, Object> list(
            @QueryParam("limit") @Nullable String limit, @QueryParam("before") @Nullable String before) {
        return Map.of("object", "list", "data", letters.newest(limit(limit), before(before)));
    }

    @GET
    @Path("/{id}")
    public JsonNode get(@PathParam("id") String id) {
        return letters.get(id(id));
    }

    @POST
    @Path("/{id}/replay")
    public Response replay(@PathParam("id") String id) {
        JobDocument job = letters.replay(id(id));
        return Response.accepted(job.body())
                .location(URI.create("/v1/jobs/" + job.id()))
                .build();
    }

    private static long id(String id) {
        if (!ID.matcher(id).matches()) {
            throw new GatewayException(Reason.DEAD_LETTER_NOT_FOUND, "the id of a dead letter is a number");
        }
        return Long.parseLong(id);
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

    private static long before(@Nullable String before) {
        if (before == null) {
            return Long.MAX_VALUE;
        }
        if (!ID.matcher(before).matches()) {
            throw new GatewayException(Reason.INVALID_QUERY, "before takes the id of a dead letter");
        }
        return Long.parseLong(before);
    }
}
