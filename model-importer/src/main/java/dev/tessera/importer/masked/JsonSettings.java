package dev.tessera.importer.masked;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tessera.importer.ImportException;
import dev.tessera.importer.ImportException.Reason;
import java.io.IOException;
import java.nio.file.Path;

/** The settings beside a checkpoint, as one JSON object: what its tensors do not say. */
public final class JsonSettings {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;
    private final JsonNode values;

    private JsonSettings(Path file, JsonNode values) {
        this.file = file;
        this.values = values;
    }

    /** @throws ImportException when the file cannot be read as a JSON object */
    public static JsonSettings read(Path file) {
        try {
            JsonNode values = JSON.readTree(file.toFile());
            if (!values.isObject()) {
                throw new ImportException(Reason.MALFORMED_FILE, file + " is no JSON object");
            }
            return new JsonSettings(file, values);
        } catch (IOException e) {
            throw new ImportException(Reason.UNREADABLE_FILE, file + " cannot be read as JSON: " + e.getMessage(), e);
        }
    }

    /** The object under a key, or this where there is none: some files hold settings of several networks. */
    JsonSettings part(String key) {
        return values.path(key).isObject() ? new JsonSettings(file, values.path(key)) : this;
    }

    /** @throws ImportException when there is no such whole number of at least 1 */
    public int positive(String key) {
        return atLeast(1, key);
    }

    /** @throws ImportException when there is no such whole number of at least 0 */
    public int whole(String key) {
        return atLeast(0, key);
    }

    private int atLeast(int least, String key) {
        JsonNode value = values.path(key);
        if (!value.canConvertToExactIntegral() || !value.canConvertToInt() || value.intValue() < least) {
            throw new ImportException(
                    Reason.MALFORMED_FILE, file + " has no '" + key + "' that is a whole number of at least " + least);
        }
        return value.intValue();
    }

    public int positiveOr(String key, int otherwise) {
        return values.has(key) ? positive(key) : otherwise;
    }

    int wholeOr(String key, int otherwise) {
        return values.has(key) ? whole(key) : otherwise;
    }

    public float numberOr(String key, float otherwise) {
        return values.path(key).isNumber() ? values.path(key).floatValue() : otherwise;
    }

    /**
     * A text, also where it is written as an object with that content.
     *
     * @param otherwise where there is none
     */
    public String textOr(String key, String otherwise) {
        JsonNode value = values.path(key);
        return value.isObject() ? value.path("content").asText(otherwise) : value.asText(otherwise);
    }

    public boolean flagOr(String key, boolean otherwise) {
        return values.path(key).asBoolean(otherwise);
    }

    JsonNode values() {
        return values;
    }

    Path file() {
        return file;
    }

    /** The file, for messages. */
    @Override
    public String toString() {
        return file.toString();
    }
}
