package dev.tessera.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tessera.cli.render.RenderRequest.MapTokens;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Tokens of a condition map as {@code --tokens-out} writes tokens: {@code {"grid":[rows,columns],"tokens":[...]}}. */
final class ConditionFile {
    private ConditionFile() {}

    /** @throws CommandException when it is something else */
    static MapTokens read(Path file) {
        JsonNode content = json(file);
        List<Integer> ids = wholes(file, content.path("tokens"));
        List<Integer> grid = wholes(file, content.path("grid"));
        if (grid.size() != 2) {
            throw malformed(file);
        }
        return new MapTokens(grid.get(0), grid.get(1), ids);
    }

    private static JsonNode json(Path file) {
        try {
            return new ObjectMapper().readTree(file.toFile());
        } catch (IOException e) {
            throw new CommandException(
                    CommandException.Reason.USAGE, file + " cannot be read as JSON: " + e.getMessage(), e);
        }
    }

    private static List<Integer> wholes(Path file, JsonNode values) {
        List<Integer> wholes = new ArrayList<>();
        for (JsonNode value : values) {
            if (!value.isInt() || value.intValue() < 0) {
                throw malformed(file);
            }
            wholes.add(value.intValue());
        }
        return wholes;
    }

    private static CommandException malformed(Path file) {
        return new CommandException(
                CommandException.Reason.USAGE, file + " is not {\"grid\":[rows,columns],\"tokens\":[...]}");
    }
}
