package dev.tessera.importer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.importer.VarRun.Conditioned;
import dev.tessera.inference.bundle.ClassConditioning;
import dev.tessera.inference.bundle.ModelBundle;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * VAR's graphs against an independent implementation, all images in one batch: logits and latent pictures after every
 * scale within 1e-4, greedy tokens equal, pixels within 1e-4. The models: a projection of the class for each layer; one
 * for all layers and ten scales; attention without unit queries.
 */
class VarParityTest {
    private static final float TOLERANCE = 1e-4f;

    @ParameterizedTest
    @ValueSource(strings = {"plain", "shared", "unscaled"})
    void shouldMatchTheReferenceAtEveryScale(String name, @TempDir Path directory) {
        // Given
        var fixture = new VarFixture(name);
        ModelBundle bundle = fixture.importTo(directory.resolve("tiny"), VarOptions.defaults());
        try (var run = new VarRun(bundle, 2 * fixture.classes().size())) {
            var match = new Match(fixture, bundle, run);

            // When
            for (int scale = 0; scale < fixture.scales().size(); scale++) {
                match.scale(scale);
            }

            // Then
            match.report(name);
            for (int image = 0; image < fixture.classes().size(); image++) {
                assertThat(match.tokens.get(image)).isEqualTo(list(fixture.tokens(image)));
            }
            assertThat(match.worstLogit).isLessThan(TOLERANCE);
            assertThat(match.worstLatent).isLessThan(TOLERANCE);
            assertThat(match.worstPixel()).isLessThan(TOLERANCE);
        }
    }

    private static List<Integer> list(int[] values) {
        return java.util.Arrays.stream(values).boxed().toList();
    }

    /** Greedy images of all the fixture's classes, compared as they grow. */
    private static final class Match {
        private final VarFixture fixture;
        private final ModelBundle bundle;
        private final VarRun run;
        private final int codes;
        private final List<Conditioned> rows = new ArrayList<>();
        private final List<float[]> latents = new ArrayList<>();
        private final List<List<Integer>> tokens = new ArrayList<>();
        private float worstLogit;
        private float worstLatent;
        private int done;

        Match(VarFixture fixture, ModelBundle bundle, VarRun run) {
            this.fixture = fixture;
            this.bundle = bundle;
            this.run = run;
            this.codes = bundle.manifest().codebook().size();
            int none = ((ClassConditioning) bundle.manifest().conditioning()).classes();
            for (int label : fixture.classes()) {
                rows.add(run.condition(label));
                rows.add(run.condition(none));
                latents.add(run.latent());
                tokens.add(new ArrayList<>());
            }
        }

        void scale(int scale) {
            int side = fixture.scales().get(scale);
            List<float[]> embeddings = new ArrayList<>();
            for (int row = 0; row < rows.size(); row++) {
                embeddings.add(scale == 0 ? rows.get(row).embedding() : run.embeddings(latents.get(row / 2), scale));
            }
            float[] logits = run.run(scale, embeddings, rows);
            for (int image = 0; image < latents.size(); image++) {
                compareLogits(image, logits, side * side);
                draw(image, logits, scale, side * side);
                compareLatent(image, scale);
            }
            done += side * side;
        }

        private void compareLogits(int image, float[] logits, int own) {
            float[] reference = fixture.floats("logits." + image);
            for (int cell = 0; cell < own; cell++) {
                for (int branch = 0; branch < 2; branch++) {
                    int at = ((2 * image + branch) * own + cell) * codes;
                    int expected = ((done + cell) * 2 + branch) * codes;
                    worstLogit =
                            Math.max(worstLogit, LlamaGenParityTest.difference(logits, at, reference, expected, codes));
                }
            }
        }

        private void draw(int image, float[] logits, int scale, int own) {
            float ramp = fixture.cfg() * scale / (fixture.scales().size() - 1);
            int[] drawn = new int[own];
            for (int cell = 0; cell < own; cell++) {
                float largest = Float.NEGATIVE_INFINITY;
                for (int code = 0; code < codes; code++) {
                    float conditional = logits[(2 * image * own + cell) * codes + code];
                    float unconditional = logits[((2 * image + 1) * own + cell) * codes + code];
                    float guided = (1 + ramp) * conditional - ramp * unconditional;
                    if (guided > largest) {
                        largest = guided;
                        drawn[cell] = code;
                    }
                }
                tokens.get(image).add(drawn[cell]);
            }
            latents.set(image, run.refined(latents.get(image), drawn, scale));
        }

        private void compareLatent(int image, int scale) {
            float[] latent = latents.get(image);
            float[] reference = fixture.floats("latents." + image);
            worstLatent = Math.max(
                    worstLatent,
                    LlamaGenParityTest.difference(latent, 0, reference, scale * latent.length, latent.length));
        }

        float worstPixel() {
            float worst = 0;
            for (int image = 0; image < latents.size(); image++) {
                float[] reference = fixture.floats("pixels." + image);
                float[] pixels =
                        run.pixels(latents.get(image), bundle.manifest().image().width());
                worst = Math.max(worst, LlamaGenParityTest.difference(pixels, 0, reference, 0, reference.length));
            }
            return worst;
        }

        void report(String name) {
            System.out.println(name + ": largest differences: logit " + worstLogit + ", latent " + worstLatent
                    + ", pixel " + worstPixel());
        }
    }
}
