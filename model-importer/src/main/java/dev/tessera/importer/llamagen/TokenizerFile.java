package dev.tessera.importer.llamagen;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tessera.importer.ImportException;
import dev.tessera.importer.ImportException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A {@code tokenizer.json} that can only make ids which the text encoder's table has. */
public final class TokenizerFile {
    private final byte[] content;

    private TokenizerFile(byte[] content) {
        this.content = content;
    }

    /**
     * @param rows of the text encoder's embedding table
     * @throws ImportException when it is no tokenizer, or one of another vocabulary
     */
    public static TokenizerFile read(Path file, int rows) {
        try {
            return of(Files.readAllBytes(file), rows, file);
        } catch (IOException e) {
            throw new ImportException(Reason.UNREADABLE_FILE, file + " cannot be read as JSON: " + e.getMessage(), e);
        }
    }

    /**
     * One that is in memory.
     *
     * @param source file or folder, for messages
     */
    public static TokenizerFile of(byte[] content, int rows, Path source) throws IOException {
        long ids = largestId(new ObjectMapper().readTree(content)) + 1;
        if (ids < 1 || ids > rows) {
            throw new ImportException(
                    Reason.WRONG_SHAPE, source + " makes " + ids + " different tokens, the text encoder knows " + rows);
        }
        return new TokenizerFile(content);
    }

    /** Unigram models list their pieces in the order of their ids, the others map pieces to ids. */
    private static long largestId(JsonNode tokenizer) {
        JsonNode vocabulary = tokenizer.path("model").path("vocab");
        long largest = vocabulary.isArray() ? vocabulary.size() - 1L : -1;
        if (vocabulary.isObject()) {
            for (JsonNode id : vocabulary) {
                largest = Math.max(largest, id.asLong());
            }
        }
        for (JsonNode added : tokenizer.path("added_tokens")) {
            largest = Math.max(largest, added.path("id").asLong());
        }
        return largest;
    }

    public void copyTo(Path target) {
        try {
            Files.write(target, content);
        } catch (IOException e) {
            throw new ImportException(Reason.WRITE_FAILED, target + " cannot be written: " + e.getMessage(), e);
        }
    }
}
