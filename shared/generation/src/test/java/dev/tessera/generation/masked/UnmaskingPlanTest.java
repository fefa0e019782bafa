package dev.tessera.generation.masked;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tessera.generation.Steps;
import dev.tessera.inference.SamplingParameters;
import dev.tessera.inference.bundle.GuidanceRise;
import dev.tessera.inference.bundle.UnmaskingDefaults;
import dev.tessera.inference.bundle.UnmaskingSchedule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnmaskingPlanTest {
    private static final UnmaskingDefaults MODEL =
            new UnmaskingDefaults(12, UnmaskingSchedule.COSINE, 0, GuidanceRise.CONSTANT);

    private static UnmaskingPlan plan(
            Steps steps, float guidance, float temperature, int topK, UnmaskingDefaults model) {
        return UnmaskingPlan.of(steps, new SamplingParameters(guidance, temperature, topK, 1), model);
    }

    private static UnmaskingPlan plan(int steps, UnmaskingSchedule schedule) {
        return plan(new Steps.Chosen(steps, schedule), 10, 2, 0, MODEL);
    }

    /** Of a grid whose cells were all open at first, after each step but the last. */
    private static List<Integer> maskLengths(UnmaskingPlan plan, int cells) {
        List<Integer> lengths = new ArrayList<>();
        int open = cells;
        for (int step = 0; step < plan.steps() - 1; step++) {
            open = plan.masked(step, cells, open, 1);
            lengths.add(open);
        }
        return lengths;
    }

    /** Those of the references, which compute them in single precision. */
    @ParameterizedTest
    @CsvSource({
        "256, 12, '253,247,236,221,203,181,155,127,97,66,33'",
        "1024, 12, '1015,989,946,886,812,724,623,511,391,265,133'",
        "256, 16, '254,251,244,236,225,212,197,181,162,142,120,97,74,49,25'",
        "256, 24, '255,253,251,247,242,236,229,221,212,203,192,181,168,155,142,127,113,97,82,66,49,33,16'",
        "4096, 8, '4017,3784,3405,2896,2275,1567,799'"
    })
    void shouldMaskAsManyCellsAsTheReferences(int cells, int steps, String expected) {
        // When
        List<Integer> lengths = maskLengths(plan(steps, UnmaskingSchedule.COSINE), cells);

        // Then
        assertThat(lengths)
                .containsExactlyElementsOf(
                        Arrays.stream(expected.split(",")).map(Integer::valueOf).toList());
    }

    @Test
    void shouldUnmaskEvenlyWhenLinear() {
        assertThat(maskLengths(plan(4, UnmaskingSchedule.LINEAR), 16)).containsExactly(12, 8, 4);
    }

    @Test
    void shouldUnmaskAtLeastOneCellAndMaskAtLeastOneInEachStep() {
        // Given: more steps than cells
        UnmaskingPlan plan = plan(12, UnmaskingSchedule.COSINE);

        // When, Then
        assertThat(maskLengths(plan, 4)).containsExactly(3, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1);
    }

    @Test
    void shouldStartFromTheShareThatIsOpen() {
        // Given
        UnmaskingPlan plan = plan(12, UnmaskingSchedule.COSINE);

        // When, Then: a quarter of 256 cells
        assertThat(plan.masked(0, 256, 64, 0.25f)).isEqualTo(63);
        assertThat(plan.masked(7, 256, 40, 0.25f)).isEqualTo(31);
    }

    @Test
    void shouldTakeTheModelsOwnStepsWhenTheRequestChoosesNone() {
        // When
        UnmaskingPlan plan = plan(new Steps.ModelsOwn(), 10, 2, 0, MODEL);

        // Then
        assertThat(plan.steps()).isEqualTo(12);
        assertThat(plan.schedule()).isEqualTo(UnmaskingSchedule.COSINE);
        assertThat(plan.last(10)).isFalse();
        assertThat(plan.last(11)).isTrue();
    }

    @Test
    void shouldShakeConfidencesLessAndLess() {
        // Given
        UnmaskingPlan plan = plan(new Steps.Chosen(5, UnmaskingSchedule.COSINE), 10, 2, 0, MODEL);

        // When, Then
        assertThat(plan.temperature(0)).isEqualTo(2);
        assertThat(plan.temperature(1)).isEqualTo(1.5f);
        assertThat(plan.temperature(4)).isZero();
    }

    @Test
    void shouldShakeNothingWhereOnlyTheLikeliestTokensMayBeDrawn() {
        assertThat(plan(new Steps.ModelsOwn(), 10, 2, 1, MODEL).temperature(0)).isZero();
    }

    @Test
    void shouldGuideAsTheModelWants() {
        // Given
        UnmaskingDefaults muse = new UnmaskingDefaults(5, UnmaskingSchedule.COSINE, 0, GuidanceRise.LINEAR);

        // When
        UnmaskingPlan constant = plan(new Steps.ModelsOwn(), 9, 2, 0, MODEL);
        UnmaskingPlan rising = plan(new Steps.ModelsOwn(), 9, 2, 0, muse);

        // Then
        assertThat(constant.draw(0).guidanceScale()).isEqualTo(9);
        assertThat(rising.draw(0).guidanceScale()).isEqualTo(1);
        assertThat(rising.draw(1).guidanceScale()).isEqualTo(3);
        assertThat(rising.draw(4).guidanceScale()).isEqualTo(9);
        assertThat(plan(new Steps.ModelsOwn(), 1, 2, 0, muse).guided()).isFalse();
    }

    @Test
    void shouldRefuseNoSteps() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Steps.Chosen(0, UnmaskingSchedule.COSINE))
                .withMessage("steps must be 1 to 1000, not 0");
    }
}
