package dev.tessera.importer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tessera.inference.bundle.MaskedTransformer;
import dev.tessera.inference.bundle.ModelBundle;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * aMUSEd's graphs against an independent implementation: text states, logits at every step of all images in one batch,
 * and pixels within 1e-4; the picture's tokens equal. The models: one as for 256 pixels; one as for 512, whose layers
 * work on half the side and whose stages are as wide as they.
 */
class AmusedParityTest {
    private static final float TOLERANCE = 1e-4f;

    private final Path directory;

    AmusedParityTest(@TempDir Path directory) {
        this.directory = directory;
    }

    private ModelBundle bundle(AmusedFixture fixture) {
        return fixture.importTo(directory.resolve("tiny"), AmusedOptions.defaults());
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "halved"})
    void shouldEncodeTextsAsTheReference(String name) {
        // Given
        var fixture = new AmusedFixture(name);
        try (var run = new AmusedRun(bundle(fixture))) {
            for (int image = 0; image < fixture.images(); image++) {
                // When
                AmusedRun.Text text = run.encode(fixture.ids(image));

                // Then
                assertThat(text.states()).containsExactly(fixture.floats("states." + image), within(TOLERANCE));
                assertThat(text.pooled()).containsExactly(fixture.floats("pooled." + image), within(TOLERANCE));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "halved"})
    void shouldGiveTheLogitsOfTheReferenceAtEveryStep(String name) {
        // Given
        var fixture = new AmusedFixture(name);
        ModelBundle bundle = bundle(fixture);
        int cells = bundle.manifest().grid().tokens();
        int codes = bundle.manifest().codebook().size();
        long mask = ((MaskedTransformer) bundle.manifest().generator()).maskToken();
        try (var run = new AmusedRun(bundle)) {
            List<Map<String, float[]>> conditions = new ArrayList<>();
            for (int image = 0; image < fixture.images(); image++) {
                conditions.add(run.condition(run.encode(fixture.ids(image))));
                conditions.add(run.condition(run.encode(fixture.negativeIds(image))));
            }
            float worst = 0;
            for (int step = 0; step < fixture.number("steps"); step++) {
                // When
                List<long[]> tokens = new ArrayList<>();
                for (int row = 0; row < conditions.size(); row++) {
                    tokens.add(fixture.before(row / 2, step, cells, mask));
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
            System.out.println(name + ": largest difference of a logit " + worst);
            assertThat(worst).isLessThan(TOLERANCE);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "halved"})
    void shouldDecodeAndEncodePicturesAsTheReference(String name) {
        // Given
        var fixture = new AmusedFixture(name);
        try (var run = new AmusedRun(bundle(fixture))) {
            for (int image = 0; image < fixture.images(); image++) {
                // When
                float[] pixels = run.pixels(fixture.tokens(image));

                // Then
                assertThat(pixels)
                        .containsExactly(AmusedFixture.spread(fixture.floats("pixels." + image)), within(TOLERANCE));
            }

            // When
            long[] tokens = run.tokens(AmusedFixture.spread(fixture.floats("pixels.encoded")));

            // Then
            assertThat(tokens).isEqualTo(fixture.codes());
        }
    }
}
