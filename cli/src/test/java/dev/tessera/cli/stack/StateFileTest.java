package dev.tessera.cli.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateFileTest {
    private final Path path;
    private final StateFile file;

    StateFileTest(@TempDir Path folder) {
        path = folder.resolve("stack.json");
        file = new StateFile(path);
    }

    private static StackState state() {
        return new StackState(
                StackState.FORMAT,
                StackState.Phase.STARTING,
                1000,
                "/repository",
                List.of("/models/a b"),
                new StackPorts(1, 2, 3, 4, 5, 6, 7, 8),
                List.of());
    }

    @Test
    void shouldReadWhatItHasWritten() {
        // Given
        StackState state = state().withChild(new StackState.Child(StackService.GENERATOR, 42, 2000, ""))
                .withChild(new StackState.Child(StackService.BROKER, 41, 1500, "/cache/broker.aot"))
                .withPhase(StackState.Phase.READY);

        // When
        file.write(state);

        // Then
        assertThat(file.read()).contains(state);
        assertThat(state.children())
                .extracting(StackState.Child::service)
                .containsExactly(StackService.BROKER, StackService.GENERATOR);
    }

    @Test
    void shouldKeepOneChildOfEachService() {
        // Given
        StackState.Child restarted = new StackState.Child(StackService.DECODER, 43, 3000, "");

        // When
        StackState state = state().withChild(new StackState.Child(StackService.DECODER, 42, 2000, ""))
                .withChild(restarted);

        // Then
        assertThat(state.children()).containsExactly(restarted);
    }

    @Test
    void shouldBeEmptyWithoutAFile() {
        // When / Then
        assertThat(file.read()).isEmpty();
    }

    @Test
    void shouldNameAFileThatItCannotRead() throws IOException {
        // Given
        Files.writeString(path, "{\"format\":");

        // When
        StackException e = catchThrowableOfType(StackException.class, file::read);

        // Then
        assertThat(e.reason()).isEqualTo(StackException.Reason.STATE_UNREADABLE);
        assertThat(e).hasMessageContaining(path.toString());
    }

    @Test
    void shouldRefuseAFileOfAnotherFormat() throws IOException {
        // Given
        file.write(state());
        Files.writeString(path, Files.readString(path).replace("\"format\" : 1", "\"format\" : 2"));

        // When
        StackException e = catchThrowableOfType(StackException.class, file::read);

        // Then
        assertThat(e).hasMessageContaining("format 2");
    }
}
