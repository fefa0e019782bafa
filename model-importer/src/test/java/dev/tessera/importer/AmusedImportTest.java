package dev.tessera.importer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tessera.importer.ImportException.Reason;
import dev.tessera.importer.graph.WeightStorage;
import dev.tessera.inference.bundle.BundleManifest;
import dev.tessera.inference.bundle.Codebook;
import dev.tessera.inference.bundle.Defaults;
import dev.tessera.inference.bundle.Family;
import dev.tessera.inference.bundle.Grid;
import dev.tessera.inference.bundle.GuidanceRise;
import dev.tessera.inference.bundle.ImageSize;
import dev.tessera.inference.bundle.MaskedTransformer;
import dev.tessera.inference.bundle.ModelBundle;
import dev.tessera.inference.bundle.TextConditioning;
import dev.tessera.inference.bundle.UnmaskingDefaults;
import dev.tessera.inference.bundle.UnmaskingSchedule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AmusedImportTest {
    private final AmusedFixture plain = new AmusedFixture("plain");
    private final Path directory;
    private final Path target;

    AmusedImportTest(@TempDir Path directory) {
        this.directory = directory;
        this.target = directory.resolve("models/tiny");
    }

    @Test
    void shouldDescribeTheModelAsItsTensorsAndSettingsDo() {
        // When
        BundleManifest manifest =
                plain.importTo(target, AmusedOptions.defaults()).manifest();

        // Then
        assertThat(manifest.family()).isEqualTo(Family.MASKED);
        assertThat(manifest.conditioning()).isEqualTo(new TextConditioning(77, 40, 20, true, 526));
        assertThat(manifest.image()).isEqualTo(new ImageSize(16, 16));
        assertThat(manifest.grid()).isEqualTo(new Grid(4, 4));
        assertThat(manifest.codebook()).isEqualTo(new Codebook(64, 8));
        assertThat(manifest.generator())
                .isEqualTo(new MaskedTransformer(
                        List.of(32, 32, 32, 32, 48, 48, 32, 32, 32, 32),
                        4 * 2 * 32 + 2 * 3 * 2 * 48,
                        71,
                        new UnmaskingDefaults(12, UnmaskingSchedule.COSINE, 0, GuidanceRise.CONSTANT)));
        assertThat(manifest.defaults()).isEqualTo(new Defaults(10, 2, 0, 1));
        assertThat(manifest.provenance().sources())
                .containsOnlyKeys(
                        "transformer/config.json",
                        "transformer/diffusion_pytorch_model.safetensors",
                        "vqvae/config.json",
                        "vqvae/diffusion_pytorch_model.safetensors",
                        "text_encoder/config.json",
                        "text_encoder/model.safetensors",
                        "tokenizer/vocab.json",
                        "tokenizer/merges.txt",
                        "scheduler/scheduler_config.json");
    }

    @Test
    void shouldTakeTheGridFromAResolution() {
        // When
        BundleManifest manifest = new AmusedFixture("halved")
                .importTo(target, AmusedOptions.defaults().withResolution(24))
                .manifest();

        // Then
        assertThat(manifest.grid()).isEqualTo(new Grid(12, 12));
        assertThat(manifest.image()).isEqualTo(new ImageSize(24, 24));
        assertThat(((MaskedTransformer) manifest.generator()).unmasking().schedule())
                .isEqualTo(UnmaskingSchedule.LINEAR);
        assertThat(((TextConditioning) manifest.conditioning()).paddingToken()).isZero();
    }

    @Test
    void shouldWriteTheSameBytesAgain() {
        // Given
        AmusedOptions defaults = AmusedOptions.defaults();
        AmusedOptions options = defaults.withBundle(defaults.bundle().withStorage(WeightStorage.FP16));

        // When
        ModelBundle first = plain.importTo(directory.resolve("first"), options);
        ModelBundle second = plain.importTo(directory.resolve("second"), options);

        // Then: the manifest vouches for every byte of every file
        assertThat(second.digest()).isEqualTo(first.digest());
    }

    @Test
    void shouldRefuseOptionsThatContradictTheCheckpoint() {
        refused(plain.directory(), AmusedOptions.defaults().withResolution(18), Reason.INVALID_OPTION, "multiple of 4");
        Path halved = new AmusedFixture("halved").directory();
        refused(halved, AmusedOptions.defaults().withResolution(10), Reason.INVALID_OPTION, "cannot be halved");
    }

    @ParameterizedTest
    @CsvSource({
        "transformer/config.json, UNREADABLE_FILE, config.json",
        "transformer/diffusion_pytorch_model.safetensors, UNREADABLE_FILE, has no weights",
        "tokenizer/vocab.json, UNREADABLE_FILE, vocab.json",
        "scheduler/scheduler_config.json, UNREADABLE_FILE, scheduler_config.json"
    })
    void shouldNameTheFileThatIsMissing(String file, Reason reason, String message) throws IOException {
        // Given
        Path copy = copy();
        Files.delete(copy.resolve(file));

        // When, Then
        refused(copy, AmusedOptions.defaults(), reason, message);
    }

    @ParameterizedTest
    @CsvSource({
        "scheduler/scheduler_config.json, '{\"mask_token_id\": 63}', WRONG_SHAPE, mask token 63",
        "scheduler/scheduler_config.json, '{\"mask_token_id\": 72}', WRONG_SHAPE, mask token 72",
        "scheduler/scheduler_config.json, '{}', MALFORMED_FILE, mask_token_id",
        "transformer/config.json, '[]', MALFORMED_FILE, no JSON object",
        "transformer/config.json, '{\"use_bias\": true}', UNSUPPORTED, biases",
        "text_encoder/config.json, '{\"num_attention_heads\": 7}', WRONG_SHAPE, 7 heads",
        "tokenizer/vocab.json, '{}', MALFORMED_FILE, <|startoftext|>"
    })
    void shouldRefuseSettingsThatContradictTheTensors(String file, String content, Reason reason, String message)
            throws IOException {
        // Given
        Path copy = copy();
        Files.writeString(copy.resolve(file), content);

        // When, Then
        refused(copy, AmusedOptions.defaults(), reason, message);
    }

    @Test
    void shouldRefuseAFileThatIsCutShort() throws IOException {
        // Given
        Path file = copy().resolve("vqvae/diffusion_pytorch_model.safetensors");
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, whole.length / 2));

        // When, Then
        refused(directory.resolve("copy"), AmusedOptions.defaults(), Reason.MALFORMED_FILE, "diffusion_pytorch_model");
    }

    private Path copy() throws IOException {
        Path copy = directory.resolve("copy");
        try (Stream<Path> files = Files.walk(plain.directory())) {
            for (Path file : files.sorted().toList()) {
                Files.copy(file, copy.resolve(plain.directory().relativize(file).toString()));
            }
        }
        return copy;
    }

    /** And nothing is left behind. */
    private void refused(Path source, AmusedOptions options, Reason reason, String message) {
        assertThatThrownBy(() -> new AmusedImport(source, options).run("tiny", target, ImportProgress.SILENT))
                .isInstanceOfSatisfying(
                        ImportException.class, e -> assertThat(e.reason()).isEqualTo(reason))
                .hasMessageContaining(message);
        assertThat(target.getParent())
                .satisfiesAnyOf(parent -> assertThat(parent).doesNotExist(), parent -> assertThat(parent)
                        .isEmptyDirectory());
    }
}
