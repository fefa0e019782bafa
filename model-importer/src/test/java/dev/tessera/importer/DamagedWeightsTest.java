package dev.tessera.importer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tessera.importer.ImportException.Reason;
import dev.tessera.importer.graph.Arithmetic;
import dev.tessera.inference.bundle.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One weight that is no number, in each network of the masked families: the import says in which tensor. */
class DamagedWeightsTest {
    private final Path directory;
    private final Path target;

    DamagedWeightsTest(@TempDir Path directory) {
        this.directory = directory;
        this.target = directory.resolve("models/tiny");
    }

    @ParameterizedTest
    @CsvSource({
        "transformer/model.safetensors, layers.1.cross.to_v.weight, NaN",
        "transformer/model.safetensors, embed.positions.weight, Infinity",
        "superres/model.safetensors, low.layers.1.ff.down.weight, NaN",
        "superres/model.safetensors, low.norm.weight, -Infinity",
        "superres/model.safetensors, head.weight, NaN",
        "vqvae/model.safetensors, encoder.conv_in.weight, NaN",
        "superres_vqvae/model.safetensors, quantize.embedding.weight, Infinity",
    })
    void shouldNameTheTensorOfAMuseCheckpoint(String file, String tensor, float weight) throws IOException {
        // Given
        Path copy = copyOf(AmusedFixture.superres("layered").directory());
        damage(copy.resolve(file), tensor, weight);

        // When, Then
        refused(() -> new MuseImport(copy, MuseOptions.defaults()).run("tiny", target, ImportProgress.SILENT), tensor);
    }

    /** Weights are read for their columns' scales before they are written. */
    @ParameterizedTest
    @CsvSource({
        "transformer/model.safetensors, layers.1.ff.down.weight, NaN",
        "superres/model.safetensors, layers.0.self.to_q.weight, Infinity",
    })
    void shouldNameTheTensorOfACheckpointThatBecomesEightBits(String file, String tensor, float weight)
            throws IOException {
        // Given
        Path copy = copyOf(AmusedFixture.superres("layered").directory());
        damage(copy.resolve(file), tensor, weight);
        BundleOptions bundle = MuseOptions.defaults().bundle();
        MuseOptions options = MuseOptions.defaults()
                .withBundle(bundle.withArithmetic(Arithmetic.of(Precision.INT8).withLeastSide(16)));

        // When, Then
        refused(() -> new MuseImport(copy, options).run("tiny", target, ImportProgress.SILENT), tensor);
    }

    @ParameterizedTest
    @CsvSource({
        "transformer/diffusion_pytorch_model.safetensors, transformer_layers.1.ff.net.0.proj.weight, NaN",
        "transformer/diffusion_pytorch_model.safetensors, down_block.res_blocks.0.channelwise_norm.beta, NaN",
        "vqvae/diffusion_pytorch_model.safetensors, decoder.conv_out.bias, Infinity",
        "text_encoder/model.safetensors, text_model.final_layer_norm.weight, NaN",
    })
    void shouldNameTheTensorOfAnAmusedCheckpoint(String file, String tensor, float weight) throws IOException {
        // Given
        Path copy = copyOf(new AmusedFixture("plain").directory());
        damage(copy.resolve(file), tensor, weight);

        // When, Then
        refused(
                () -> new AmusedImport(copy, AmusedOptions.defaults()).run("tiny", target, ImportProgress.SILENT),
                tensor);
    }

    private static void damage(Path file, String tensor, float weight) throws IOException {
        SafetensorsCopy weights = SafetensorsCopy.of(file);
        weights.setLast(tensor, weight);
        weights.write(file);
    }

    private Path copyOf(Path checkpoint) throws IOException {
        Path copy = directory.resolve("copy");
        try (Stream<Path> files = Files.walk(checkpoint)) {
            for (Path file : files.sorted().toList()) {
                Files.copy(file, copy.resolve(checkpoint.relativize(file).toString()));
            }
        }
        return copy;
    }

    private void refused(Runnable run, String tensor) {
        assertThatThrownBy(run::run)
                .isInstanceOfSatisfying(
                        ImportException.class, e -> assertThat(e.reason()).isEqualTo(Reason.INVALID_WEIGHT))
                .hasMessageContaining("tensor '" + tensor + "' holds the weight");
        assertThat(target).doesNotExist();
    }
}
