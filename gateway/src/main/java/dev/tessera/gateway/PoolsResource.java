package dev.tessera.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.io.InputStream;
import java.util.Map;

/** The pools over HTTP. */
@Path("/v1/pools")
@Blocking
@Produces(MediaType.APPLICATION_JSON)
public final class PoolsResource {
    private final PoolOperations pools;
    private final RequestBody requestBody;

    PoolsResource(PoolOperations pools, RequestBody requestBody) {
        this.pools = pools;
        this.requestBody = requestBody;
    }

    @GET
    public Map<String, Object> list() {
        return Map.of("object", "list", "data", pools.all());
    }

    @GET
    @Path("/{name}")
    public JsonNode get(@PathParam("name") String name) {
        return pools.get(name);
    }

    @PATCH
    @Path("/{name}")
    @Consumes(MediaType.APPLICATION_JSON)
    public JsonNode change(@PathParam("name") String name, @Context HttpHeaders headers, InputStream body) {
        return requestBody.read(headers, body, bytes -> pools.change(name, bytes));
    }
}
