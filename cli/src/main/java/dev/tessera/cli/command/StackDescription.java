package dev.tessera.cli.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tessera.cli.stack.StackService;
import dev.tessera.cli.stack.StackStatus;
import java.util.Locale;

/** A stack's status as JSON. */
final class StackDescription {
    private StackDescription() {}

    static String json(StackStatus status) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("status", key(status.condition()));
        json.put("started_at", status.startedAt().toString());
        json.put("home", status.home().toString());
        json.put("gateway", status.ports().url(StackService.GATEWAY).toString());
        json.put("kafka", status.ports().bootstrapServers());
        json.put("s3", status.ports().url(StackService.OBJECT_STORE).toString());
        ArrayNode models = json.putArray("models");
        status.models().forEach(model -> models.add(model.toString()));
        ArrayNode services = json.putArray("services");
        status.services().forEach(service -> services.addObject()
                .put("name", service.service().key())
                .put("status", key(service.health()))
                .put("pid", service.pid())
                .put("port", service.port())
                .put("log", service.log().toString()));
        return json.toPrettyString();
    }

    static String key(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
