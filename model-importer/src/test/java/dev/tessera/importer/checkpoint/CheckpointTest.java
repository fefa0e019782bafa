package dev.tessera.importer.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tessera.importer.ImportException;
import dev.tessera.importer.ImportException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointTest {
    @Test
    void shouldReadAStridedTensorOfAZipFile(@TempDir Path directory) throws IOException {
        // Given
        Path file = TorchFile.write(directory.resolve("a.pt"), PickleBuilder.stateDict(6, 1, 3, 2), 0, 1, 2, 3, 4, 5);

        // When
        float[] values = TensorValues.of(file, "w");

        // Then
        assertThat(values).containsExactly(1, 3, 5);
    }

    @Test
    void shouldFindAStateDictUnderItsKey(@TempDir Path directory) throws IOException {
        // Given
        byte[] pickle = new PickleBuilder()
                .raw('}', '(')
                .text("steps")
                .raw('K', 3)
                .text("module")
                .raw('}')
                .text("w")
                .tensor(2, 0, 2, 1)
                .raw('s', 'u')
                .stop();
        Path file = TorchFile.write(directory.resolve("a.pt"), pickle, 8, 9);

        // When
        float[] values = TensorValues.of(file, "w", "model", "module");

        // Then
        assertThat(values).containsExactly(8, 9);
    }

    @Test
    void shouldRefuseATensorOutsideItsStorage(@TempDir Path directory) throws IOException {
        // Given
        Path file = TorchFile.write(directory.resolve("a.pt"), PickleBuilder.stateDict(4, 2, 3, 1), 1, 2, 3, 4);

        // When, Then
        refused(file, Reason.MALFORMED_FILE, "tensor 'w'", "needs element 4, its storage holds 4");
    }

    @Test
    void shouldRefuseAStorageThatIsShorterThanThePickleSays(@TempDir Path directory) throws IOException {
        // Given
        Path file = TorchFile.write(directory.resolve("a.pt"), PickleBuilder.stateDict(200, 0, 2, 1), 1, 2);

        // When, Then
        refused(file, Reason.MALFORMED_FILE, "tensor 'w'", "a storage of 200 FLOAT32 in 8 bytes");
    }

    @Test
    void shouldRefuseATensorMadeLargeByAStrideOfZero(@TempDir Path directory) throws IOException {
        // Given
        Path file = TorchFile.write(directory.resolve("a.pt"), PickleBuilder.stateDict(1, 0, 255, 0), 1);

        // When, Then
        refused(file, Reason.MALFORMED_FILE, "tensor 'w'");
    }

    @Test
    void shouldRefuseAZipFileThatIsCutOff(@TempDir Path directory) throws IOException {
        // Given
        Path file = TorchFile.write(directory.resolve("a.pt"), PickleBuilder.stateDict(2, 0, 2, 1), 1, 2);
        byte[] whole = Files.readAllBytes(file);
        for (int length = 9; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));

            // When, Then
            refused(file, Reason.MALFORMED_FILE, "a.pt");
        }
    }

    @Test
    void shouldRefuseACompressedEntry(@TempDir Path directory) throws IOException {
        // Given
        Path file = TorchFile.write(
                directory.resolve("a.pt"),
                ZipEntry.DEFLATED,
                new PickleBuilder().raw('}').stop());

        // When, Then
        refused(file, Reason.MALFORMED_FILE, "compressed entry 'archive/data.pkl'");
    }

    @Test
    void shouldRefuseAHostilePickleInAZipFile(@TempDir Path directory) throws IOException {
        // Given
        Path file = TorchFile.write(
                directory.resolve("a.pt"),
                new PickleBuilder().global("posix", "system").stop());

        // When, Then
        refused(file, Reason.UNSAFE_PICKLE, "posix.system");
    }

    @Test
    void shouldRefuseWhatIsNoCheckpoint(@TempDir Path directory) throws IOException {
        // Given
        Path file = Files.writeString(directory.resolve("a.pt"), "not a checkpoint");

        // When, Then
        refused(file, Reason.UNREADABLE_FILE, "neither safetensors nor a PyTorch zip");
        refused(directory.resolve("none.pt"), Reason.UNREADABLE_FILE, "none.pt is not a file");
    }

    @Test
    void shouldRefuseAWeightThatIsNotANumber(@TempDir Path directory) throws IOException {
        // Given
        Path file = TorchFile.write(directory.resolve("a.pt"), PickleBuilder.stateDict(2, 0, 2, 1), 1, Float.NaN);

        // When, Then
        refused(file, Reason.INVALID_WEIGHT, "tensor 'w' holds the weight NaN");
    }

    @Test
    void shouldNameTheTensorThatIsMissingOrMisshapen(@TempDir Path directory) throws IOException {
        // Given
        Path file = TorchFile.write(directory.resolve("a.pt"), PickleBuilder.stateDict(2, 0, 2, 1), 1, 2);
        try (var checkpoint = Checkpoint.open(file)) {
            StateDict weights = checkpoint.stateDict("w", List.of());

            // When, Then
            assertThatThrownBy(() -> weights.get("bias", 2))
                    .isInstanceOf(ImportException.class)
                    .hasMessage("a.pt has no tensor 'bias'");
            assertThatThrownBy(() -> weights.get("w", 3, StateDict.ANY))
                    .isInstanceOf(ImportException.class)
                    .hasMessage("tensor 'w' in a.pt has shape [2], expected [3, any]");
        }
    }

    static void refused(Path file, Reason reason, String... words) {
        assertThatThrownBy(() -> TensorValues.of(file, "w"))
                .isInstanceOfSatisfying(
                        ImportException.class, e -> assertThat(e.reason()).isEqualTo(reason))
                .hasMessageContainingAll(words);
    }
}
