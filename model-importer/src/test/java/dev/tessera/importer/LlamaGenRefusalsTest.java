package dev.tessera.importer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tessera.importer.ImportException.Reason;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is not imported, and how that is said. */
class LlamaGenRefusalsTest {
    @Test
    void shouldOverwriteNothing(@TempDir Path directory) {
        // Given
        Fixture fixture = Fixture.classes();
        var llamaGen = new LlamaGenImport(fixture.sources(), fixture.options());

        // When, Then
        refused(llamaGen, directory, Reason.TARGET_EXISTS, "nothing is overwritten");
    }

    @Test
    void shouldRefuseOptionsThatContradictTheCheckpoint(@TempDir Path directory) {
        Fixture fixture = Fixture.classes();
        Path target = directory.resolve("tiny");
        refused(
                new LlamaGenImport(fixture.sources(), fixture.options().withHeads(0)),
                target,
                Reason.INVALID_OPTION,
                "give its number of heads");
        refused(
                new LlamaGenImport(fixture.sources(), fixture.options().withResolution(100)),
                target,
                Reason.INVALID_OPTION,
                "resolution 100 is not a multiple of 16");
        refused(
                new LlamaGenImport(
                        fixture.sources().withTextEncoder(Fixture.text().file("t5")), fixture.options()),
                target,
                Reason.INVALID_OPTION,
                "takes no text encoder");
        Fixture text = Fixture.text();
        refused(
                new LlamaGenImport(
                        LlamaGenSources.of(text.file("gpt.safetensors"), text.file("vq.pt")), text.options()),
                target,
                Reason.INVALID_OPTION,
                "needs a text encoder");
        assertThatThrownBy(() -> new LlamaGenImport(fixture.sources(), fixture.options())
                        .run("Not A Name", target, ImportProgress.SILENT))
                .isInstanceOf(ImportException.class)
                .hasMessageContaining("'Not A Name'");
        assertThat(target).doesNotExist();
    }

    @Test
    void shouldLeaveNothingBehindWhenAWeightIsNotANumber(@TempDir Path directory) throws IOException {
        // Given
        Fixture fixture = Fixture.text();
        Path gpt = Files.copy(fixture.file("gpt.safetensors"), directory.resolve("gpt.safetensors"));
        try (var file = new RandomAccessFile(gpt.toFile(), "rw")) {
            file.seek(file.length() - Float.BYTES);
            file.write(new byte[] {0, 0, (byte) 0xC0, 0x7F});
        }
        var sources = LlamaGenSources.of(gpt, fixture.file("vq.pt")).withTextEncoder(fixture.file("t5"));
        Path target = directory.resolve("models").resolve("tiny");

        // When, Then
        refused(
                new LlamaGenImport(sources, fixture.options()),
                target,
                Reason.INVALID_WEIGHT,
                "tensor 'tok_embeddings.weight' holds the weight NaN");
        try (Stream<Path> left = Files.list(target.getParent())) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void shouldRefuseATokenizerOfAnotherVocabulary(@TempDir Path directory) throws IOException {
        // Given
        Fixture fixture = Fixture.text();
        Path text = Files.createDirectory(directory.resolve("t5"));
        Files.copy(fixture.file("t5/config.json"), text.resolve("config.json"));
        Files.copy(fixture.file("t5/model.safetensors"), text.resolve("model.safetensors"));
        Files.writeString(
                text.resolve("tokenizer.json"),
                "{\"model\":{\"vocab\":{\"a\":0,\"b\":31999}}}",
                StandardCharsets.UTF_8);
        var sources = LlamaGenSources.of(fixture.file("gpt.safetensors"), fixture.file("vq.pt"))
                .withTextEncoder(text);

        // When, Then
        refused(
                new LlamaGenImport(sources, fixture.options()),
                directory.resolve("tiny"),
                Reason.WRONG_SHAPE,
                "makes 32000 different tokens, the text encoder knows 80");
    }

    @Test
    void shouldSwapNoPartsUnnoticed(@TempDir Path directory) {
        // Given
        Fixture fixture = Fixture.classes();
        var swapped = LlamaGenSources.of(fixture.file("vq.pt"), fixture.file("gpt.pt"));

        // When, Then
        refused(
                new LlamaGenImport(swapped, fixture.options()),
                directory.resolve("tiny"),
                Reason.MISSING_TENSOR,
                "has no tensor 'tok_embeddings.weight'");
    }

    private static void refused(LlamaGenImport llamaGen, Path target, Reason reason, String message) {
        assertThatThrownBy(() -> llamaGen.run("tiny", target, ImportProgress.SILENT))
                .isInstanceOfSatisfying(
                        ImportException.class, e -> assertThat(e.reason()).isEqualTo(reason))
                .hasMessageContaining(message);
    }
}
