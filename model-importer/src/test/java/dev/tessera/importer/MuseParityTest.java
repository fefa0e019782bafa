package dev.tessera.importer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tessera.importer.ImportException.Reason;
import dev.tessera.inference.bundle.BundleManifest;
import dev.tessera.inference.bundle.Defaults;
import dev.tessera.inference.bundle.GuidanceRise;
import dev.tessera.inference.bundle.MaskedTransformer;
import dev.tessera.inference.bundle.ModelBundle;
import dev.tessera.inference.bundle.TextConditioning;
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

/**
 * Muse's graphs against an independent implementation (its text states against Hugging Face's T5): states, logits at
 * every step and pixels within 1e-4, the picture's tokens equal.
 */
class MuseParityTest {
    private static final float TOLERANCE = 1e-4f;

    private final AmusedFixture fixture = AmusedFixture.muse();
    private final Path directory;
    private final Path target;

    MuseParityTest(@TempDir Path directory) {
        this.directory = directory;
        this.target = directory.resolve("models/tiny");
    }

    private ModelBundle bundle() {
        new MuseImport(fixture.directory(), MuseOptions.defaults()).run("tiny", target, ImportProgress.SILENT);
        return ModelBundle.open(target);
    }

    @Test
    void shouldDescribeTheModelAsItsTensorsAndSettingsDo() {
        // When
        BundleManifest manifest = bundle().manifest();

        // Then
        assertThat(manifest.conditioning()).isEqualTo(new TextConditioning(24, 32, 0, true, 0));
        assertThat(manifest.generator())
                .isEqualTo(new MaskedTransformer(
                        List.of(48, 48),
                        0,
                        64,
                        new UnmaskingDefaults(24, UnmaskingSchedule.COSINE, 0, GuidanceRise.LINEAR)));
        assertThat(manifest.defaults()).isEqualTo(new Defaults(8, 4.5f, 0, 1));
    }

    @Test
    void shouldGiveTheStatesAndTheLogitsOfTheReferenceAtEveryStep() {
        // Given
        ModelBundle bundle = bundle();
        int cells = bundle.manifest().grid().tokens();
        int codes = bundle.manifest().codebook().size();
        try (var run = new AmusedRun(bundle)) {
            List<Map<String, float[]>> conditions = new ArrayList<>();
            for (int image = 0; image < fixture.images(); image++) {
                AmusedRun.Text prompt = run.encode(fixture.ids(image));
                AmusedRun.Text negative = run.encode(fixture.negativeIds(image));
                assertThat(prompt.states()).containsExactly(fixture.floats("states." + image), within(TOLERANCE));
                assertThat(negative.states())
                        .containsExactly(fixture.floats("negative_states." + image), within(TOLERANCE));
                conditions.add(run.condition(prompt));
                conditions.add(run.condition(negative));
            }
            float worst = 0;
            for (int step = 0; step < fixture.number("steps"); step++) {
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
            System.out.println("muse: largest difference of a logit " + worst);
            assertThat(worst).isLessThan(TOLERANCE);
        }
    }

    @Test
    void shouldDecodeAndEncodePicturesAsTheReference() {
        // Given
        try (var run = new AmusedRun(bundle())) {
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
        "transformer/config.json, '{\"num_attention_heads\": 3}', MALFORMED_FILE, text_tokens",
        "transformer/config.json, '{\"num_attention_heads\": 5, \"text_tokens\": 24}', INVALID_OPTION, 5 heads",
        "tokenizer/tokenizer.json, '{', UNREADABLE_FILE, tokenizer.json"
    })
    void shouldRefuseSettingsThatContradictTheTensors(String file, String content, Reason reason, String message)
            throws IOException {
        // Given
        Path copy = directory.resolve("copy");
        try (Stream<Path> files = Files.walk(fixture.directory())) {
            for (Path original : files.sorted().toList()) {
                Files.copy(
                        original,
                        copy.resolve(fixture.directory().relativize(original).toString()));
            }
        }
        Files.writeString(copy.resolve(file), content);

        // When, Then
        assertThatThrownBy(
                        () -> new MuseImport(copy, MuseOptions.defaults()).run("tiny", target, ImportProgress.SILENT))
                .isInstanceOfSatisfying(
                        ImportException.class, e -> assertThat(e.reason()).isEqualTo(reason))
                .hasMessageContaining(message);
        assertThat(target).doesNotExist();
    }
}
