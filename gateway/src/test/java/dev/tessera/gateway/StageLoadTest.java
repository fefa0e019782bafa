package dev.tessera.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.pipeline.Stage;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An image of 4 tokens becomes one of 12; each stage takes 1200 nanoseconds. */
class StageLoadTest {
    private static final List<Stage> STAGES = List.of(Stage.GENERATOR, Stage.SUPERRES, Stage.DECODER);
    private static final StageLoad UPSTREAM = new StageLoad(1, 1, 0, 0, 0, 0);
    private static final StageLoad QUEUED = new StageLoad(1, 0, 1, 0, 1200, 0);
    private static final TestEvents JOB = TestEvents.ofJob("one", 1);

    private final JobView accepted = JobView.accepted(JOB.job(), 16);

    @Test
    void shouldGiveAnImageToOneStageAfterTheOther() {
        // When
        JobView half = accepted.after(JOB.progressed(0, 2, 4));
        JobView drawn = half.after(JOB.progressed(0, 4, 4));
        JobView third = drawn.after(JOB.upscaling(0, 1)).after(JOB.upscaled(0, 4, 12));
        JobView upscaled = third.after(JOB.upscaled(0, 12, 12));
        JobView decoding = upscaled.after(JOB.decoding(0));

        // Then
        assertThat(loads(accepted)).containsExactly(QUEUED, UPSTREAM, UPSTREAM);
        assertThat(loads(half)).containsExactly(inFlight(600), UPSTREAM, UPSTREAM);
        assertThat(loads(drawn)).containsExactly(StageLoad.NONE, QUEUED, UPSTREAM);
        assertThat(loads(third)).containsExactly(StageLoad.NONE, inFlight(800), UPSTREAM);
        assertThat(loads(upscaled)).containsExactly(StageLoad.NONE, StageLoad.NONE, QUEUED);
        assertThat(loads(decoding)).containsExactly(StageLoad.NONE, StageLoad.NONE, inFlight(1200));
    }

    @Test
    void shouldGiveAJobOfManyImagesToTheTokenizerAsOnePieceOfWork() {
        // Given
        JobView many = JobView.accepted(TestEvents.ofJob("many", 16).job(), 16);

        // When
        JobView encoding = many.after(JOB.encoding());
        JobView encoded = encoding.after(JOB.encoded());
        JobView begun = encoding.after(JOB.generating(0, 1));

        // Then
        assertThat(atTokenizer(many)).isEqualTo(QUEUED);
        assertThat(atTokenizer(encoding)).isEqualTo(inFlight(1200));
        assertThat(atTokenizer(encoded)).isEqualTo(StageLoad.NONE);
        assertThat(atTokenizer(begun)).isEqualTo(StageLoad.NONE);
        assertThat(atTokenizer(many.after(JOB.cancelled()))).isEqualTo(StageLoad.NONE);
        assertThat(StageLoad.of(encoded, Stage.GENERATOR, STAGES, 1200).queued())
                .isEqualTo(16);
    }

    @Test
    void shouldHaveNothingForAStageThatTheJobDoesNotPass() {
        // Given
        List<Stage> stages = List.of(Stage.SUPERRES, Stage.DECODER);

        // Then
        assertThat(StageLoad.of(accepted, Stage.GENERATOR, stages, 1200)).isEqualTo(StageLoad.NONE);
        assertThat(StageLoad.of(accepted, Stage.SUPERRES, stages, 1200)).isEqualTo(QUEUED);
    }

    private static StageLoad inFlight(long nanos) {
        return new StageLoad(1, 0, 0, 1, 0, nanos);
    }

    private static StageLoad atTokenizer(JobView view) {
        return StageLoad.of(view, Stage.TOKENIZER, STAGES, 1200);
    }

    private static List<StageLoad> loads(JobView view) {
        return STAGES.stream()
                .map(stage -> StageLoad.of(view, stage, STAGES, 1200))
                .toList();
    }
}
