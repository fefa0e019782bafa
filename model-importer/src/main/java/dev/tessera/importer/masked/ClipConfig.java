package dev.tessera.importer.masked;

import dev.tessera.importer.ImportException;
import dev.tessera.importer.ImportException.Reason;

/**
 * What CLIP's text tower says of itself beside its tensors.
 *
 * @param quick whether its GELU is x · sigmoid(1.702 x)
 * @param epsilon of the layer normalisations
 * @param end id of the closing token; {@value #LARGEST} means the largest id of the prompt, as old configurations do
 */
public record ClipConfig(int heads, boolean quick, float epsilon, int end) {
    static final int LARGEST = 2;

    /** @throws ImportException when a setting is missing or of another kind of network */
    public static ClipConfig of(JsonSettings file) {
        JsonSettings text = file.part("text_config");
        return new ClipConfig(
                text.positive("num_attention_heads"),
                quick(text.textOr("hidden_act", "quick_gelu")),
                text.numberOr("layer_norm_eps", 1e-5f),
                text.wholeOr("eos_token_id", LARGEST));
    }

    private static boolean quick(String activation) {
        return switch (activation) {
            case "quick_gelu" -> true;
            case "gelu" -> false;
            default ->
                throw new ImportException(
                        Reason.UNSUPPORTED,
                        "the text encoder's hidden_act is '" + activation + "', expected 'quick_gelu' or 'gelu'");
        };
    }
}
