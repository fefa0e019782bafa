package dev.tessera.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Map;

/** The models over HTTP. */
@Path("/v1/models")
@Produces(MediaType.APPLICATION_JSON)
public final class ModelsResource {
    private final Models models;

    ModelsResource(Models models) {
        this.models = models;
    }

    @GET
    public Map<String, Object> list() {
        return Map.of(
                "object",
                "list",
                "data",
                models.all().stream().map(this::document).toList());
    }

    @GET
    @Path("/{name}")
    public JsonNode get(@PathParam("name") String name) {
        return models.named(name)
                .map(this::document)
                .orElseThrow(() ->
                        new GatewayException(GatewayException.Reason.MODEL_NOT_FOUND, "there are " + models.names()));
    }

    private JsonNode document(Model model) {
        return ModelDocument.of(model, models.preset().filter(model::equals).isPresent());
    }
}
