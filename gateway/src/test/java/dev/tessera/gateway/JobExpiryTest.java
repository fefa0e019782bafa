package dev.tessera.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.pipeline.JobEvents;
import dev.tessera.testkit.ManualClock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class JobExpiryTest {
    private static final TestEvents JOB = TestEvents.ofJob("one", 1);

    private final JobViews views = new JobViews(
            model -> 12, new JobViews.Retention(Duration.ofDays(1), 10), new ManualClock(TestEvents.START));

    private final MemoryPipeline pipeline = new MemoryPipeline();

    @Test
    void shouldExpireOverdueJobsOnly() {
        // Given
        ManualClock clock = new ManualClock(TestEvents.START.plusSeconds(60));
        TestEvents overdue = withDeadline("overdue", 59);
        TestEvents inTime = withDeadline("in-time", 61);
        TestEvents ended = withDeadline("ended", 1);
        List.of(overdue.accepted(), inTime.accepted(), ended.accepted(), ended.stored(0), JOB.accepted())
                .forEach(views::apply);

        // When
        new JobExpiry(views, pipeline, clock).expireOverdue();

        // Then
        assertThat(pipeline.events).singleElement().satisfies(event -> {
            assertThat(event.getJobId()).isEqualTo("overdue");
            assertThat(event.hasExpired()).isTrue();
        });
    }

    private static TestEvents withDeadline(String id, int second) {
        return new TestEvents(TestEvents.ofJob(id, 1).job().toBuilder()
                .setDeadline(JobEvents.timestamp(TestEvents.START.plusSeconds(second)))
                .build());
    }
}
