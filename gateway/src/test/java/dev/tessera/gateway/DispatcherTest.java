package dev.tessera.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.objectstore.MemoryObjectStore;
import dev.tessera.objectstore.ObjectStoreException;
import dev.tessera.pipeline.Claims;
import dev.tessera.pipeline.PipelineException;
import dev.tessera.testkit.ManualClock;
import dev.tessera.v1.JobEvent;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class DispatcherTest {
    private static final TestEvents JOB = TestEvents.ofJob("one", 1);
    private static final String RECORD = "default/one/job.json";

    private final JobViews views = new JobViews(
            model -> 12, new JobViews.Retention(Duration.ofDays(1), 10), new ManualClock(TestEvents.START));

    private final MemoryPipeline pipeline = new MemoryPipeline();
    private final MemoryObjectStore bucket = new MemoryObjectStore();
    private final Claims claims = new Claims(bucket, new ManualClock(TestEvents.START.plusSeconds(60)));
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    private final Dispatcher dispatcher = new Dispatcher(
            new JobReactions(
                    views,
                    pipeline,
                    new JobReactions.Ending(new JobArchive(bucket), claims, pipeline, new GatewayMetrics(registry)),
                    Duration.ofMillis(50)),
            pipeline);

    @Test
    void shouldSubmitAnAcceptedJob() throws InterruptedException {
        // When
        happen(JOB.accepted());

        // Then
        assertThat(pipeline.submitted).singleElement().satisfies(work -> assertThat(work.getJob())
                .isEqualTo(JOB.job()));
    }

    @Test
    void shouldNotSubmitAJobThatWasCancelledMeanwhile() throws InterruptedException {
        // Given
        views.apply(JOB.accepted());
        views.apply(JOB.cancelled());

        // When
        dispatcher.dispatch(JOB.accepted().toByteArray());

        // Then
        assertThat(pipeline.submitted).isEmpty();
    }

    @Test
    void shouldTryAgainWhenTheBrokerIsAway() throws InterruptedException {
        // Given
        pipeline.refuseWork(PipelineException.Reason.BROKER_UNAVAILABLE, 2);

        // When
        happen(JOB.accepted());

        // Then
        assertThat(pipeline.submitted).hasSize(1);
        assertThat(pipeline.events).isEmpty();
    }

    @Test
    void shouldFailAJobThatCannotBeSubmittedAtAll() throws InterruptedException {
        // Given
        pipeline.refuseWork(PipelineException.Reason.PAYLOAD_TOO_LARGE, 1);

        // When
        happen(JOB.accepted());

        // Then
        assertThat(pipeline.submitted).isEmpty();
        assertThat(pipeline.events).singleElement().satisfies(event -> {
            assertThat(event.getJobId()).isEqualTo("one");
            assertThat(event.getFailed().getReason()).isEqualTo("payload_too_large");
            assertThat(event.getFailed().getStage()).isEqualTo("gateway");
        });
    }

    @Test
    void shouldRecordTheEndOfAJobOnce() throws InterruptedException {
        // Given
        happen(JOB.accepted());

        // When
        happen(JOB.stored(0));
        byte[] first = bucket.get(RECORD).orElseThrow();
        happen(JOB.stored(0));

        // Then
        assertThat(JobDocument.read(first).status()).isEqualTo("succeeded");
        assertThat(bucket.get(RECORD))
                .hasValueSatisfying(record -> assertThat(record).isEqualTo(first));
        assertThat(pipeline.cancelled).isEmpty();
        assertThat(registry.get("tessera.gateway.jobs.ended").counter().count()).isEqualTo(1);
    }

    @Test
    void shouldNotRecordAJobThatLacksImages() throws InterruptedException {
        // Given
        TestEvents two = TestEvents.ofJob("two", 2);
        happen(two.accepted());

        // When
        happen(two.stored(1));

        // Then
        assertThat(bucket.list("", 10)).isEmpty();
    }

    @Test
    void shouldStopTheWorkersOfAJobThatFailed() throws InterruptedException {
        // Given
        happen(JOB.accepted());

        // When
        happen(JOB.failed("out_of_memory"));

        // Then
        assertThat(pipeline.cancelled).containsExactly("one");
        assertThat(JobDocument.read(bucket.get(RECORD).orElseThrow()).status()).isEqualTo("failed");
    }

    @Test
    void shouldRemoveTheLargeMessagesOfAJobThatNobodyWantsWorkOfAnyMore() throws InterruptedException {
        // Given
        TestEvents other = TestEvents.ofJob("other", 1);
        happen(JOB.accepted());
        happen(other.accepted());
        String gone = claims.deposit("one", new byte[1]);
        String kept = claims.deposit("other", new byte[1]);

        // When
        happen(JOB.stored(0));

        // Then
        assertThat(claims.fetch(gone)).isEmpty();
        assertThat(claims.fetch(kept)).isPresent();
        happen(other.cancelled());
        assertThat(claims.fetch(kept)).isEmpty();
    }

    @Test
    void shouldKeepTheLargeMessagesOfAFailedJobForItsDeadLetters() throws InterruptedException {
        // Given
        happen(JOB.accepted());
        String kept = claims.deposit("one", new byte[1]);

        // When
        happen(JOB.failed("out_of_memory"));

        // Then
        assertThat(claims.fetch(kept)).isPresent();
    }

    @Test
    void shouldWaitForTheBucket() throws InterruptedException {
        // Given
        happen(JOB.accepted());
        bucket.refuse(ObjectStoreException.Reason.UNAVAILABLE);
        Thread dispatching = Thread.ofVirtual().start(() -> {
            try {
                happen(JOB.stored(0));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });

        // When
        boolean ended = dispatching.join(Duration.ofMillis(300));
        bucket.allow();
        dispatching.join();

        // Then
        assertThat(ended).isFalse();
        assertThat(bucket.get(RECORD)).isPresent();
    }

    @Test
    void shouldWaitForTheViewsToTakeTheEventIn() throws InterruptedException {
        // Given
        views.apply(JOB.accepted());
        Thread log = Thread.ofVirtual().start(() -> {
            pause(Duration.ofMillis(300));
            views.apply(JOB.stored(0));
        });

        // When
        dispatcher.dispatch(JOB.stored(0).toByteArray());

        // Then
        assertThat(bucket.get(RECORD)).isPresent();
        log.join();
    }

    @Test
    void shouldPassOverWhatIsNoEventAndJobsItDoesNotKnow() throws InterruptedException {
        // When
        dispatcher.dispatch("no event".getBytes(UTF_8));
        dispatcher.dispatch(JOB.stored(0).toByteArray());
        dispatcher.dispatch(JobEvent.getDefaultInstance().toByteArray());

        // Then
        assertThat(bucket.list("", 10)).isEmpty();
        assertThat(pipeline.submitted).isEmpty();
    }

    /** As on the log: the views hear of it, and the dispatcher does. */
    private void happen(JobEvent event) throws InterruptedException {
        views.apply(event);
        dispatcher.dispatch(event.toByteArray());
    }

    private static void pause(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
