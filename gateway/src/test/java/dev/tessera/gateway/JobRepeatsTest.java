package dev.tessera.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.tessera.gateway.GatewayException.Reason;
import dev.tessera.objectstore.MemoryObjectStore;
import dev.tessera.pipeline.JobEventPublisher;
import dev.tessera.testkit.ManualClock;
import dev.tessera.v1.Job;
import dev.tessera.v1.JobEvent;
import dev.tessera.v1.Sampling;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JobRepeatsTest {
    private static final String ID = "019aa5d2-7c3e-7b1f-9a40-3f1c22d0a6b1";
    private static final TestEvents FAILED = new TestEvents(TestEvents.ofJob(ID, 2).job().toBuilder()
            .setModelDigest("an older one")
            .setWidth(64)
            .setHeight(48)
            .setSeed(7)
            .setSampling(Sampling.newBuilder().setTopK(900).setMoreSmooth(true))
            .build());

    private final ManualClock clock = new ManualClock(TestEvents.START.plusSeconds(3600));
    private final JobViews views = new JobViews(model -> 12, new JobViews.Retention(Duration.ofDays(1), 10), clock);
    private final MemoryObjectStore bucket = new MemoryObjectStore();
    private final JobArchive archive = new JobArchive(bucket);
    private final Log log = new Log();
    private final JobRepeats repeats = new JobRepeats(
            TestModels.both(),
            log,
            views,
            new JobFinder(views, archive, clock, Duration.ZERO),
            new JobIntake.Times(clock, Duration.ofMinutes(30), Duration.ofSeconds(20)));

    @Test
    void shouldMakeANewJobOfTheSameRequestThatNamesTheFailedOne() {
        // Given
        List.of(FAILED.accepted(), FAILED.failed("attempts_exhausted")).forEach(views::apply);

        // When
        JobDocument repeat = repeats.repeat(FAILED.job());

        // Then
        assertThat(repeat.status()).isEqualTo("queued");
        assertThat(repeat.body().path("replay_of").asText()).isEqualTo(ID);
        assertThat(repeat.body().path("expires_at").asText()).isEqualTo("2026-01-01T13:30:00.000Z");
        assertThat(repeat.asksTheSameAs(JobDocument.of(JobView.accepted(FAILED.job(), 0))))
                .isTrue();
        Job job = log.published.getFirst().getAccepted().getJob();
        assertThat(job.getModelDigest()).isEqualTo(TestModels.TEXT.digest());
        assertThat(job.toBuilder()
                        .clearId()
                        .clearReplayOf()
                        .clearModelDigest()
                        .clearCreatedAt()
                        .clearDeadline()
                        .build())
                .isEqualTo(FAILED.job().toBuilder()
                        .clearId()
                        .clearModelDigest()
                        .clearCreatedAt()
                        .build());
        assertThat(views.find(ID)).map(view -> view.state().key()).contains("failed");
    }

    @Test
    void shouldMakeOneJobOfAllReplaysOfAFailedOne() {
        // Given
        JobDocument first = repeats.repeat(FAILED.job());

        // When
        JobDocument second = repeats.repeat(FAILED.job());

        // Then
        assertThat(second.id()).isEqualTo(first.id());
        assertThat(log.published).hasSize(1);
        assertThat(repeats.find(new Tenant("default"), ID)).map(JobDocument::id).contains(first.id());
        assertThat(repeats.find(new Tenant("other"), ID)).isEmpty();
    }

    @Test
    void shouldMakeAFurtherJobOfAReplayThatFailed() {
        // Given
        JobDocument first = repeats.repeat(FAILED.job());
        Job failedAgain = log.published.getFirst().getAccepted().getJob();
        views.apply(new TestEvents(failedAgain).failed("attempts_exhausted"));

        // When
        JobDocument second = repeats.repeat(failedAgain);

        // Then
        assertThat(second.id()).isNotEqualTo(first.id());
        assertThat(second.body().path("replay_of").asText()).isEqualTo(first.id());
    }

    @Test
    void shouldRepeatNothingThatSucceededAfterAll() {
        // Given
        List.of(FAILED.accepted(), FAILED.stored(0), FAILED.stored(1)).forEach(views::apply);

        // When and Then
        assertRefused(FAILED.job(), Reason.DEAD_LETTER_NOT_REPLAYABLE, "has succeeded");
    }

    @Test
    void shouldRepeatNothingThatTheClientCancelled() {
        // Given
        JobView cancelled = JobView.accepted(FAILED.job(), 12).after(FAILED.cancelled());
        archive.keep(cancelled);

        // When and Then
        assertRefused(FAILED.job(), Reason.DEAD_LETTER_NOT_REPLAYABLE, "has been cancelled");
    }

    @Test
    void shouldRepeatAJobThatExpiredMeanwhile() {
        // Given
        List.of(FAILED.accepted(), FAILED.expired()).forEach(views::apply);

        // When
        JobDocument repeat = repeats.repeat(FAILED.job());

        // Then
        assertThat(repeat.status()).isEqualTo("queued");
    }

    @Test
    void shouldWaitForTheFailureToBeKnown() {
        // Given
        views.apply(FAILED.accepted());

        // When and Then
        assertRefused(FAILED.job(), Reason.NOT_READY, "has not failed yet");
    }

    @Test
    void shouldSayThatTheModelIsNotServedAnyMore() {
        // When and Then
        assertRefused(
                FAILED.job().toBuilder().setModel("gone").build(),
                Reason.DEAD_LETTER_NOT_REPLAYABLE,
                "gone is none of [tiny-class, tiny-text]");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 128})
    void shouldSayThatTheModelMakesOtherPicturesByNow(int width) {
        // When and Then
        assertRefused(
                FAILED.job().toBuilder().setWidth(width).build(),
                Reason.DEAD_LETTER_NOT_REPLAYABLE,
                "pictures of 64x48");
    }

    private void assertRefused(Job job, Reason reason, String why) {
        assertThatThrownBy(() -> repeats.repeat(job))
                .hasMessageContaining(why)
                .asInstanceOf(type(GatewayException.class))
                .extracting(GatewayException::reason)
                .isEqualTo(reason);
        assertThat(log.published).isEmpty();
    }

    /** The event log: what is published is in the views at once. */
    private final class Log implements JobEventPublisher {
        private final List<JobEvent> published = new ArrayList<>();

        @Override
        public Receipt send(JobEvent event) {
            published.add(event);
            views.apply(event);
            return () -> {};
        }

        @Override
        public void publishLossy(JobEvent event) {
            publish(event);
        }
    }
}
