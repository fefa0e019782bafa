package dev.tessera.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tessera.inference.bundle.BundleManifest;
import java.util.Locale;

/** A model as JSON. */
final class ModelDocument {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private ModelDocument() {}

    static JsonNode of(Model model, boolean preset) {
        BundleManifest manifest = model.manifest();
        ObjectNode body = JSON.objectNode().put("name", model.name()).put("object", "model");
        body.put("default", preset)
                .put("family", manifest.family().name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .put("description", manifest.description())
                .put("size", model.size());
        body.putObject("grid")
                .put("rows", manifest.grid().rows())
                .put("columns", manifest.grid().columns());
        body.putObject("codebook")
                .put("size", manifest.codebook().size())
                .put("dimensions", manifest.codebook().dimensions());
        body.set("conditioning", conditioning(manifest.conditioning()));
        ArrayNode edits = body.putArray("edits");
        if (model.encodesPictures()) {
            edits.add("image");
        }
        if (model.edits()) {
            edits.add("from");
        }
        ObjectNode defaults = defaults(manifest.defaults());
        model.unmasking().ifPresent(unmasking -> defaults.put("steps", unmasking.steps())
                .put("schedule", UnmaskingFields.name(unmasking.schedule())));
        body.set("defaults", defaults);
        return body.put("licence", manifest.licence()).put("digest", model.digest());
    }

    private static ObjectNode conditioning(BundleManifest.Conditioning conditioning) {
        return switch (conditioning) {
            case BundleManifest.TextConditioning text ->
                JSON.objectNode().put("kind", "text").put("max_tokens", text.maxTokens());
            case BundleManifest.ClassConditioning classes ->
                JSON.objectNode().put("kind", "class").put("classes", classes.classes());
        };
    }

    private static ObjectNode defaults(BundleManifest.Defaults defaults) {
        return JSON.objectNode()
                .put("guidance_scale", defaults.guidanceScale())
                .put("temperature", defaults.temperature())
                .put("top_k", defaults.topK())
                .put("top_p", defaults.topP());
    }
}
