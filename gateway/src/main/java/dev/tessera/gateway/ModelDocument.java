package dev.tessera.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tessera.inference.bundle.BundleManifest;
import dev.tessera.inference.bundle.ClassConditioning;
import dev.tessera.inference.bundle.Conditioning;
import dev.tessera.inference.bundle.Defaults;
import dev.tessera.inference.bundle.MapConditioning;
import dev.tessera.inference.bundle.NoConditioning;
import dev.tessera.inference.bundle.TextConditioning;
import dev.tessera.inference.bundle.WindowedTransformer;
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
        if (manifest.generator() instanceof WindowedTransformer windows) {
            body.set("sizes", sizes(manifest, windows));
        }
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
        edits.add("from");
        if (model.upscales()) {
            var base = manifest.encodedImage();
            body.put("upscales", base.width() + "x" + base.height());
        }
        body.put("precision", manifest.productPrecision().name().toLowerCase(Locale.ROOT));
        ObjectNode defaults = defaults(manifest.defaults());
        model.unmasking().ifPresent(unmasking -> defaults.put("steps", unmasking.steps())
                .put("schedule", UnmaskingFields.name(unmasking.schedule())));
        body.set("defaults", defaults);
        return body.put("licence", manifest.licence()).put("digest", model.digest());
    }

    private static ObjectNode sizes(BundleManifest manifest, WindowedTransformer windows) {
        int width = manifest.image().width() / manifest.grid().columns();
        int height = manifest.image().height() / manifest.grid().rows();
        return JSON.objectNode()
                .put("multiple_of", width + "x" + height)
                .put("least", windows.window() * width + "x" + windows.window() * height)
                .put("most_tokens", windows.maxTokens());
    }

    private static ObjectNode conditioning(Conditioning conditioning) {
        return switch (conditioning) {
            case TextConditioning text -> JSON.objectNode().put("kind", "text").put("max_tokens", text.maxTokens());
            case ClassConditioning classes ->
                JSON.objectNode().put("kind", "class").put("classes", classes.classes());
            case MapConditioning map ->
                JSON.objectNode()
                        .put("kind", "map")
                        .put("map", map.map().name().toLowerCase(Locale.ROOT))
                        .put("channels", map.channels());
            case NoConditioning none -> JSON.objectNode().put("kind", "none");
        };
    }

    private static ObjectNode defaults(Defaults defaults) {
        return JSON.objectNode()
                .put("guidance_scale", defaults.guidanceScale())
                .put("temperature", defaults.temperature())
                .put("top_k", defaults.topK())
                .put("top_p", defaults.topP());
    }
}
