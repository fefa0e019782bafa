package dev.tessera.importer.masked;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tessera.importer.ImportException;
import dev.tessera.importer.ImportException.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * CLIP's tokenizer as one {@code tokenizer.json}: taken as it is, or put together from the {@code vocab.json} and
 * {@code merges.txt} that the published folders hold. Lower case, byte pairs inside words, an opening and a closing token.
 */
public final class ClipTokenizer {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String WHOLE = "tokenizer.json";
    private static final String VOCABULARY = "vocab.json";
    private static final String MERGES = "merges.txt";
    private static final List<String> SETTINGS = List.of("tokenizer_config.json", "special_tokens_map.json");
    private static final String OPENING = "<|startoftext|>";
    private static final String CLOSING = "<|endoftext|>";

    /** Special tokens, English endings, words, digits one by one, runs of anything else. */
    private static final String PIECES =
            "<\\|startoftext\\|>|<\\|endoftext\\|>|'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+";

    private final Path directory;
    private final JsonNode tokenizer;

    private ClipTokenizer(Path directory, JsonNode tokenizer) {
        this.directory = directory;
        this.tokenizer = tokenizer;
    }

    /** @throws ImportException when the folder holds no tokenizer in one form or the other */
    public static ClipTokenizer read(Path directory) {
        Path whole = directory.resolve(WHOLE);
        return new ClipTokenizer(
                directory, Files.isRegularFile(whole) ? JsonSettings.read(whole).values() : assembled(directory));
    }

    /** The files of a folder that an import reads. */
    public static List<Path> files(Path directory) {
        Path whole = directory.resolve(WHOLE);
        return Files.isRegularFile(whole)
                ? List.of(whole)
                : List.of(directory.resolve(VOCABULARY), directory.resolve(MERGES));
    }

    /** As the file that a bundle keeps. */
    public byte[] json() {
        return tokenizer.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** What fills a prompt up to its full length: the settings' padding token, or the closing one. */
    public int padding() {
        String padding = SETTINGS.stream()
                .map(directory::resolve)
                .filter(Files::isRegularFile)
                .map(file -> JsonSettings.read(file).textOr("pad_token", ""))
                .filter(token -> !token.isEmpty())
                .findFirst()
                .orElse(CLOSING);
        return id(padding);
    }

    private int id(String token) {
        for (JsonNode added : tokenizer.path("added_tokens")) {
            if (added.path("content").asText().equals(token)) {
                return added.path("id").asInt();
            }
        }
        JsonNode id = tokenizer.path("model").path("vocab").path(token);
        if (!id.isInt()) {
            throw new ImportException(
                    Reason.MALFORMED_FILE,
                    "the tokenizer in " + directory + " does not know its token '" + token + "'");
        }
        return id.intValue();
    }

    private static JsonNode assembled(Path directory) {
        JsonNode vocabulary = JsonSettings.read(directory.resolve(VOCABULARY)).values();
        ObjectNode tokenizer = JSON.createObjectNode().put("version", "1.0");
        tokenizer.putNull("truncation").putNull("padding");
        ArrayNode added = tokenizer.putArray("added_tokens");
        added.add(special(OPENING, vocabulary, directory)).add(special(CLOSING, vocabulary, directory));
        tokenizer.set("normalizer", constant("""
                {"type": "Sequence", "normalizers": [
                  {"type": "NFC"},
                  {"type": "Replace", "pattern": {"Regex": "\\\\s+"}, "content": " "},
                  {"type": "Lowercase"}]}"""));
        ObjectNode pieces = JSON.createObjectNode().put("type", "Split");
        pieces.putObject("pattern").put("Regex", PIECES);
        pieces.put("behavior", "Removed").put("invert", true);
        tokenizer
                .putObject("pre_tokenizer")
                .put("type", "Sequence")
                .putArray("pretokenizers")
                .add(pieces)
                .add(constant("""
                {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true}"""));
        tokenizer.set("post_processor", ends(added));
        tokenizer.set("decoder", constant("""
                {"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true, "use_regex": true}"""));
        tokenizer.set("model", model(vocabulary, directory.resolve(MERGES)));
        return tokenizer;
    }

    private static JsonNode special(String token, JsonNode vocabulary, Path directory) {
        JsonNode id = vocabulary.path(token);
        if (!id.isInt()) {
            throw new ImportException(Reason.MALFORMED_FILE, directory.resolve(VOCABULARY) + " has no '" + token + "'");
        }
        return JSON.createObjectNode()
                .put("id", id.intValue())
                .put("content", token)
                .put("single_word", false)
                .put("lstrip", false)
                .put("rstrip", false)
                .put("normalized", false)
                .put("special", true);
    }

    private static JsonNode ends(ArrayNode added) {
        ObjectNode ends = JSON.createObjectNode().put("type", "RobertaProcessing");
        ends.putArray("sep").add(CLOSING).add(added.path(1).path("id").intValue());
        ends.putArray("cls").add(OPENING).add(added.path(0).path("id").intValue());
        return ends.put("trim_offsets", false).put("add_prefix_space", false);
    }

    private static JsonNode model(JsonNode vocabulary, Path mergesFile) {
        ObjectNode model = JSON.createObjectNode().put("type", "BPE");
        model.putNull("dropout");
        model.put("unk_token", CLOSING)
                .put("continuing_subword_prefix", "")
                .put("end_of_word_suffix", "</w>")
                .put("fuse_unk", false)
                .put("byte_fallback", false);
        model.set("vocab", vocabulary);
        ArrayNode merges = model.putArray("merges");
        lines(mergesFile).stream()
                .filter(line -> !line.startsWith("#version") && !line.isBlank())
                .forEach(merges::add);
        return model;
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new ImportException(Reason.UNREADABLE_FILE, file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static JsonNode constant(String json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
