package dev.tessera.importer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.inference.bundle.ModelBundle;
import dev.tessera.inference.bundle.NextTokenTransformer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The transformer's graph against an independent implementation: logits within 1e-4, greedy tokens equal. */
class LlamaGenParityTest {
    private static final float TOLERANCE = 1e-4f;

    @Test
    void shouldMatchAClassConditionalModelAtEveryStep(@TempDir Path directory) {
        // Given
        Fixture fixture = Fixture.classes();
        ModelBundle bundle = fixture.importTo(directory.resolve("tiny"), fixture.options());

        // When, Then
        matchSequences(fixture, bundle, "classes");
    }

    @Test
    void shouldMatchAModelWhoseHeadsArePadded(@TempDir Path directory) {
        // Given
        Fixture fixture = Fixture.oddHeads();
        ModelBundle bundle = fixture.importTo(directory.resolve("tiny"), fixture.options());

        // When, Then
        assertThat(((NextTokenTransformer) bundle.manifest().generator()).headSize())
                .isEqualTo(32);
        matchSequences(fixture, bundle, "odd-heads");
    }

    @Test
    void shouldMatchATextConditionalModelForPromptsOfDifferentLengths(@TempDir Path directory) {
        // Given
        Fixture fixture = Fixture.text();
        ModelBundle bundle = fixture.importTo(directory.resolve("tiny"), fixture.options());

        // When, Then
        matchSequences(fixture, bundle, "text");
    }

    @Test
    void shouldMatchEightRowsAtEightPositionsInOneBatch(@TempDir Path directory) {
        // Given
        Fixture fixture = Fixture.text();
        ModelBundle bundle = fixture.importTo(directory.resolve("tiny"), fixture.options());
        int[] aheadBy = {0, 21, 3, 40, 11, 7, 33, 14};
        List<int[]> tokens = fixture.sequences("tokens");
        float[][] reference = new float[4][];
        Arrays.setAll(reference, i -> fixture.floats("logits." + i));
        int codes = bundle.manifest().codebook().size();
        try (var run = new GeneratorRun(bundle, 8);
                var prefixes = new Prefixes(bundle, fixture)) {
            for (int row = 0; row < 8; row++) {
                run.prefill(row, prefixes.of(row / 2, row % 2 == 0));
            }

            // When
            float worst = 0;
            for (int row = 7; row >= 0; row--) {
                run.advance(row, Arrays.copyOf(tokens.get(row / 2), aheadBy[row]));
            }
            for (int step = 0; step < 20; step++) {
                int[] fed = new int[8];
                int[] cells = new int[8];
                for (int row = 0; row < 8; row++) {
                    cells[row] = aheadBy[row] + step;
                    fed[row] = tokens.get(row / 2)[cells[row]];
                }
                float[] logits = run.decode(fed, cells);
                for (int row = 0; row < 8; row++) {
                    int expected = ((cells[row] + 1) * 2 + row % 2) * codes;
                    worst = Math.max(worst, difference(logits, row * codes, reference[row / 2], expected, codes));
                }
            }

            // Then
            System.out.println("eight rows at eight positions: largest difference of a logit " + worst);
            assertThat(worst).isLessThan(TOLERANCE);
        }
    }

    private static void matchSequences(Fixture fixture, ModelBundle bundle, String name) {
        int codes = bundle.manifest().codebook().size();
        float guidance = fixture.real("guidance");
        float worst = 0;
        List<int[]> expectedTokens = fixture.sequences("tokens");
        try (var prefixes = new Prefixes(bundle, fixture)) {
            for (int sequence = 0; sequence < expectedTokens.size(); sequence++) {
                float[] reference = fixture.floats("logits." + sequence);
                int[] tokens = new int[expectedTokens.get(sequence).length];
                try (var run = new GeneratorRun(bundle, 2)) {
                    float[] logits = concat(
                            run.prefill(0, prefixes.of(sequence, true)), run.prefill(1, prefixes.of(sequence, false)));
                    for (int cell = 0; cell < tokens.length; cell++) {
                        if (cell > 0) {
                            int fed = tokens[cell - 1];
                            logits = run.decode(new int[] {fed, fed}, new int[] {cell - 1, cell - 1});
                        }
                        worst = Math.max(worst, difference(logits, 0, reference, cell * 2 * codes, 2 * codes));
                        tokens[cell] = guidedArgmax(logits, codes, guidance);
                    }
                }
                assertThat(tokens).as(name + " sequence " + sequence).isEqualTo(expectedTokens.get(sequence));
            }
        }
        System.out.println(name + ": largest difference of a logit " + worst);
        assertThat(worst).isLessThan(TOLERANCE);
    }

    private static float[] concat(float[] conditional, float[] unconditional) {
        float[] both = Arrays.copyOf(conditional, conditional.length + unconditional.length);
        System.arraycopy(unconditional, 0, both, conditional.length, unconditional.length);
        return both;
    }

    private static int guidedArgmax(float[] logits, int codes, float guidance) {
        int best = 0;
        float largest = Float.NEGATIVE_INFINITY;
        for (int code = 0; code < codes; code++) {
            float guided = logits[codes + code] + guidance * (logits[code] - logits[codes + code]);
            if (guided > largest) {
                largest = guided;
                best = code;
            }
        }
        return best;
    }

    static float difference(float[] a, int fromA, float[] b, int fromB, int count) {
        float worst = 0;
        for (int i = 0; i < count; i++) {
            worst = Math.max(worst, Math.abs(a[fromA + i] - b[fromB + i]));
        }
        return worst;
    }
}
