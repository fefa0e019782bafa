package dev.tessera.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Map;

/** The pools over HTTP. */
@Path("/v1/pools")
@Produces(MediaType.APPLICATION_JSON)
public final class PoolsResource {
    private final PoolSignal pools;

    PoolsResource(PoolSignal pools) {
        this.pools = pools;
    }

    @GET
    public Map<String, Object> list() {
        return Map.of(
                "object",
                "list",
                "data",
                pools.all().stream().map(PoolDocument::of).toList());
    }

    @GET
    @Path("/{name}")
    public JsonNode get(@PathParam("name") String name) {
        return PoolDocument.of(pools.read(name));
    }
}
