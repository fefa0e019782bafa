package dev.tessera.importer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.tessera.importer.ImportException.Reason;
import dev.tessera.inference.bundle.MapKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.yaml.snakeyaml.LoaderOptions;

/**
 * What the project's yaml beside a taming-transformers checkpoint says that its tensors do not. The file is read as plain
 * data: a tag in it names nothing, an alias stands for nothing.
 *
 * @param heads number of attention heads
 */
record TamingConfig(int heads, Condition condition) {
    private static final int MAX_BYTES = 1 << 20;
    private static final int MAX_DEPTH = 50;

    /** What precedes the image tokens. */
    sealed interface Condition {
        /** One of so many classes. */
        record Classes(int count) implements Condition {}

        /** The start token, which says nothing. */
        record Start() implements Condition {}

        /** A map of the picture's own size, encoded by a network in the checkpoint. */
        record Encoded(MapKind map) implements Condition {}

        /** Whether a window of its tokens precedes the image's. */
        default boolean isMap() {
            return switch (this) {
                case Encoded encoded -> true;
                case Classes classes -> false;
                case Start start -> false;
            };
        }
    }

    /** @throws ImportException when the file is no such yaml, or describes a network that has no graph here */
    static TamingConfig read(Path file) {
        JsonNode model = tree(file).path("model").path("params");
        requireRasterOrder(file, model);
        return new TamingConfig(
                whole(file, model.path("transformer_config").path("params"), "n_head"), condition(file, model));
    }

    private static JsonNode tree(Path file) {
        var limits = new LoaderOptions();
        limits.setCodePointLimit(MAX_BYTES);
        limits.setNestingDepthLimit(MAX_DEPTH);
        limits.setMaxAliasesForCollections(0);
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw malformed(file, "is larger than a project's yaml");
            }
            return new ObjectMapper(YAMLFactory.builder().loaderOptions(limits).build()).readTree(file.toFile());
        } catch (IOException e) {
            throw new ImportException(Reason.UNREADABLE_FILE, file + " cannot be read as YAML: " + e.getMessage(), e);
        }
    }

    /** Other orders of the tokens were only tried in the paper. */
    private static void requireRasterOrder(Path file, JsonNode model) {
        String permuter = model.path("permuter_config").path("target").asText("");
        if (!permuter.isEmpty() && !permuter.endsWith(".Identity")) {
            throw unsupported(file, "the order of tokens '" + permuter + "'");
        }
        if (model.path("downsample_cond_size").asInt(-1) > -1) {
            throw unsupported(file, "a condition of another size ('downsample_cond_size')");
        }
    }

    private static Condition condition(Path file, JsonNode model) {
        JsonNode stage = model.path("cond_stage_config");
        if (stage.asText("").equals("__is_unconditional__")
                || model.path("unconditional").asBoolean(false)) {
            return new Condition.Start();
        }
        String target = stage.path("target").asText(stage.asText("nothing"));
        return switch (target.substring(target.lastIndexOf('.') + 1)) {
            case "Labelator" -> new Condition.Classes(whole(file, stage.path("params"), "n_classes"));
            case "SOSProvider" -> new Condition.Start();
            case "VQSegmentationModel" -> new Condition.Encoded(MapKind.SEGMENTATION);
            case "VQModel" -> encoded(file, model);
            default -> throw unsupported(file, "the condition '" + target + "'");
        };
    }

    private static Condition encoded(Path file, JsonNode model) {
        String key = model.path("cond_stage_key").asText("");
        return switch (key) {
            case "segmentation" -> new Condition.Encoded(MapKind.SEGMENTATION);
            case "depth" -> new Condition.Encoded(MapKind.DEPTH);
            default -> throw unsupported(file, "the condition 'cond_stage_key: " + key + "'");
        };
    }

    private static int whole(Path file, JsonNode parameters, String key) {
        int value = parameters.path(key).asInt(0);
        if (value < 1) {
            throw malformed(file, "has no positive '" + key + "'");
        }
        return value;
    }

    private static ImportException malformed(Path file, String what) {
        return new ImportException(Reason.MALFORMED_FILE, file + " " + what);
    }

    private static ImportException unsupported(Path file, String what) {
        return new ImportException(
                Reason.UNSUPPORTED,
                file + " has " + what + "; supported are classes (Labelator), the start token (__is_unconditional__,"
                        + " SOSProvider), and segmentation and depth maps (VQSegmentationModel, VQModel)");
    }
}
