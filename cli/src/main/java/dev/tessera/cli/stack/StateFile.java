package dev.tessera.cli.stack;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The state file: written as a whole or not at all. */
final class StateFile {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private final Path path;

    StateFile(Path path) {
        this.path = path;
    }

    Optional<StackState> read() {
        if (!Files.exists(path)) {
            return Optional.empty();
        }
        try {
            StackState state = JSON.readValue(Files.readString(path), StackState.class);
            if (state.format() != StackState.FORMAT) {
                throw unreadable("it has format " + state.format(), null);
            }
            return Optional.of(state);
        } catch (JsonProcessingException e) {
            throw unreadable("it is not what Tessera wrote", e);
        } catch (IOException e) {
            throw unreadable(e.toString(), e);
        }
    }

    private StackException unreadable(String why, @Nullable Throwable cause) {
        String message = "cannot read " + path + ": " + why + "; delete it if no stack runs";
        return cause == null
                ? new StackException(StackException.Reason.STATE_UNREADABLE, message)
                : new StackException(StackException.Reason.STATE_UNREADABLE, message, cause);
    }

    void write(StackState state) {
        Path next = path.resolveSibling(path.getFileName() + ".new");
        try {
            Files.writeString(next, JSON.writeValueAsString(state));
            Files.move(next, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new StackException(StackException.Reason.IO, "cannot write " + path + ": " + e, e);
        }
    }

    void delete() {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw new StackException(StackException.Reason.IO, "cannot delete " + path + ": " + e, e);
        }
    }
}
