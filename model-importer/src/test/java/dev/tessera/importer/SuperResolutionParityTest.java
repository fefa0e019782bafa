package dev.tessera.importer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tessera.importer.ImportException.Reason;
import dev.tessera.inference.bundle.BundleManifest;
import dev.tessera.inference.bundle.Codebook;
import dev.tessera.inference.bundle.Grid;
import dev.tessera.inference.bundle.GuidanceRise;
import dev.tessera.inference.bundle.ImageSize;
import dev.tessera.inference.bundle.ModelBundle;
import dev.tessera.inference.bundle.SuperResolution;
import dev.tessera.inference.bundle.UnmaskingDefaults;
import dev.tessera.inference.bundle.UnmaskingSchedule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Muse's super-resolution against an independent implementation: kept keys and values, logits at every step and pixels
 * within 1e-4. One fixture has layers over the base grid and an image tokenizer for each grid, the other neither.
 */
class SuperResolutionParityTest {
    private static final float TOLERANCE = 1e-4f;

    private final Path directory;
    private final Path target;

    SuperResolutionParityTest(@TempDir Path directory) {
        this.directory = directory;
        this.target = directory.resolve("models/tiny");
    }

    private ModelBundle bundle(AmusedFixture fixture) {
        return bundle(fixture.directory());
    }

    private ModelBundle bundle(Path checkpoint) {
        new MuseImport(checkpoint, MuseOptions.defaults()).run("tiny", target, ImportProgress.SILENT);
        return ModelBundle.open(target);
    }

    @Test
    void shouldDescribeBothGridsAsTensorsAndSettingsDo() {
        // When
        BundleManifest manifest = bundle(AmusedFixture.superres("layered")).manifest();

        // Then
        assertThat(manifest.stages()).containsExactly("tokenizer", "generator", "superres", "decoder");
        assertThat(manifest.grid()).isEqualTo(new Grid(4, 4));
        assertThat(manifest.codebook()).isEqualTo(new Codebook(64, 8));
        assertThat(manifest.image()).isEqualTo(new ImageSize(8, 8));
        assertThat(manifest.superres())
                .contains(new SuperResolution(
                        new ImageSize(8, 8),
                        new Grid(8, 8),
                        new Codebook(96, 8),
                        List.of(48, 48),
                        96,
                        new UnmaskingDefaults(4, UnmaskingSchedule.COSINE, 0, GuidanceRise.LINEAR),
                        3,
                        4.5f));
        assertThat(manifest.provenance().sources())
                .containsKeys("superres/model.safetensors", "superres_vqvae/config.json");
    }

    @Test
    void shouldTakeOneImageTokenizerForBothGridsWhereThereIsNoOther() {
        // When
        BundleManifest manifest = bundle(AmusedFixture.superres("plain")).manifest();

        // Then
        assertThat(manifest.image()).isEqualTo(new ImageSize(16, 16));
        assertThat(manifest.encodedImage()).isEqualTo(new ImageSize(8, 8));
        assertThat(manifest.finishedCodebook()).isEqualTo(manifest.codebook());
    }

    @ParameterizedTest
    @ValueSource(strings = {"layered", "plain"})
    void shouldKeepTheKeysAndValuesOfTheReference(String name) {
        // Given
        AmusedFixture fixture = AmusedFixture.superres(name);
        try (var run = new SuperResolutionRun(bundle(fixture))) {
            // When
            Map<String, float[]> prompt = run.condition(fixture.floats("states.0"), fixture.baseTokens(0));
            Map<String, float[]> negative = run.condition(fixture.floats("negative_states.0"), fixture.baseTokens(0));

            // Then
            for (int layer = 0; layer < 2; layer++) {
                assertThat(rows(prompt, negative, "key_" + layer))
                        .containsExactly(fixture.floats("key." + layer), within(TOLERANCE));
                assertThat(rows(prompt, negative, "value_" + layer))
                        .containsExactly(fixture.floats("value." + layer), within(TOLERANCE));
            }
        }
    }

    private static float[] rows(Map<String, float[]> first, Map<String, float[]> second, String tensor) {
        float[] one = first.get(tensor);
        float[] other = second.get(tensor);
        float[] both = new float[one.length + other.length];
        System.arraycopy(one, 0, both, 0, one.length);
        System.arraycopy(other, 0, both, one.length, other.length);
        return both;
    }

    @ParameterizedTest
    @ValueSource(strings = {"layered", "plain"})
    void shouldGiveTheLogitsOfTheReferenceAtEveryStep(String name) {
        // Given
        AmusedFixture fixture = AmusedFixture.superres(name);
        ModelBundle bundle = bundle(fixture);
        int cells = bundle.manifest().finishedGrid().tokens();
        int codes = bundle.manifest().finishedCodebook().size();
        try (var run = new SuperResolutionRun(bundle)) {
            List<Map<String, float[]>> conditions = new ArrayList<>();
            for (int image = 0; image < fixture.images(); image++) {
                conditions.add(run.condition(fixture.floats("states." + image), fixture.baseTokens(image)));
                conditions.add(run.condition(fixture.floats("negative_states." + image), fixture.baseTokens(image)));
            }
            float worst = 0;
            for (int step = 0; step < fixture.number("fine_steps"); step++) {
                // When
                List<long[]> tokens = new ArrayList<>();
                for (int row = 0; row < conditions.size(); row++) {
                    tokens.add(fixture.before(row / 2, step, cells, codes));
                }
                float[] logits = run.logits(tokens, conditions);

                // Then
                for (int image = 0; image < fixture.images(); image++) {
                    int rows = 2 * cells * codes;
                    worst = Math.max(
                            worst,
                            LlamaGenParityTest.difference(
                                    logits, image * rows, fixture.floats("logits." + image), step * rows, rows));
                }
            }
            System.out.println("superres " + name + ": largest difference of a logit " + worst);
            assertThat(worst).isLessThan(TOLERANCE);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"layered", "plain"})
    void shouldDecodeTheFinerGridAndEncodeBasePictures(String name) {
        // Given
        AmusedFixture fixture = AmusedFixture.superres(name);
        try (var run = new AmusedRun(bundle(fixture))) {
            for (int image = 0; image < fixture.images(); image++) {
                // When
                float[] pixels = run.pixels(fixture.tokens(image));

                // Then
                assertThat(pixels)
                        .containsExactly(AmusedFixture.spread(fixture.floats("pixels." + image)), within(TOLERANCE));
            }
            assertThat(run.tokens(AmusedFixture.spread(fixture.floats("pixels.encoded"))))
                    .isEqualTo(fixture.codes());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "layered, superres, '{}', MALFORMED_FILE, num_attention_heads",
        "layered, superres, '{\"num_attention_heads\": 5}', INVALID_OPTION, 5 heads",
        "layered, superres, '{\"num_attention_heads\": 3, \"num_low_layers\": 3}', MISSING_TENSOR, low.layers.2.norm1",
        "layered, superres, '{\"num_attention_heads\": 3, \"num_low_layers\": 1}', WRONG_SHAPE, config.json says 1",
        "layered, superres, '{\"num_attention_heads\": 3, \"text_tokens\": 25}', WRONG_SHAPE, text_tokens",
        "layered, superres, '{\"num_attention_heads\": 3, \"schedule\": \"slow\"}', MALFORMED_FILE, cosine or linear",
        "layered, superres, '{\"num_attention_heads\": 3, \"steps\": 0}', MALFORMED_FILE, steps",
    })
    void shouldRefuseSettingsThatContradictTheTensors(
            String fixture, String part, String settings, Reason reason, String message) throws IOException {
        // Given
        Path copy = copy(fixture);
        Files.writeString(copy.resolve(part).resolve("config.json"), settings);

        // When, Then
        refused(copy, reason, message);
    }

    @Test
    void shouldRefuseAnImageTokenizerOfAnotherCodebook() throws IOException {
        // Given
        Path copy = copy("layered");
        Files.delete(copy.resolve("superres_vqvae/model.safetensors"));
        Files.copy(copy.resolve("vqvae/model.safetensors"), copy.resolve("superres_vqvae/model.safetensors"));

        // When, Then
        refused(copy, Reason.WRONG_SHAPE, "knows 96 codes, the image tokenizer of its grid 64");
    }

    @Test
    void shouldRefuseATransformerThatIsNoSuperResolution() throws IOException {
        // Given
        Path copy = copy("layered");
        Files.delete(copy.resolve("superres/model.safetensors"));
        Files.copy(copy.resolve("transformer/model.safetensors"), copy.resolve("superres/model.safetensors"));

        // When, Then
        refused(copy, Reason.MISSING_TENSOR, "low.positions.weight");
    }

    @Test
    void shouldRefuseAnImageTokenizerThatNoStageNeeds() throws IOException {
        // Given
        Path copy = copy("layered");
        Files.delete(copy.resolve("superres/model.safetensors"));
        Files.delete(copy.resolve("superres/config.json"));
        Files.delete(copy.resolve("superres"));

        // When, Then
        refused(copy, Reason.UNREADABLE_FILE, "no folder superres");
    }

    private Path copy(String fixture) throws IOException {
        Path original = AmusedFixture.superres(fixture).directory();
        Path copy = directory.resolve("copy");
        try (Stream<Path> files = Files.walk(original)) {
            for (Path file : files.sorted().toList()) {
                Files.copy(file, copy.resolve(original.relativize(file).toString()));
            }
        }
        return copy;
    }

    private void refused(Path checkpoint, Reason reason, String message) {
        assertThatThrownBy(() -> bundle(checkpoint))
                .isInstanceOfSatisfying(
                        ImportException.class, e -> assertThat(e.reason()).isEqualTo(reason))
                .hasMessageContaining(message);
        assertThat(target).doesNotExist();
    }
}
