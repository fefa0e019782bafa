package dev.tessera.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.v1.Job;
import dev.tessera.v1.JobEvent;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class JobDemandTest {
    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00.5Z");

    private final List<JobEvent> published = new ArrayList<>();
    private final JobDemand demand =
            new JobDemand(new OneCancelledJob(), new Published(), Clock.fixed(NOW, ZoneOffset.UTC));

    @Test
    void shouldWantAJobUntilItsDeadlineHasPassed() {
        assertThat(demand.isWanted(job("endless").build())).isTrue();
        assertThat(demand.isWanted(due(NOW.plusNanos(1)))).isTrue();
        assertThat(demand.isWanted(due(NOW))).isTrue();
        assertThat(demand.isWanted(due(NOW.minusNanos(1)))).isFalse();
    }

    @Test
    void shouldSayOfAnExpiredJobThatItIs() {
        // When
        JobDemand.Reason reason = demand.drop(due(NOW.minusSeconds(1)));

        // Then
        assertThat(reason).isEqualTo(JobDemand.Reason.EXPIRED);
        assertThat(published).singleElement().satisfies(event -> {
            assertThat(event.hasExpired()).isTrue();
            assertThat(event.getJobId()).isEqualTo("due");
            assertThat(event.getTenant()).isEqualTo("acme");
        });
    }

    @Test
    void shouldDropACancelledJobInSilenceEvenWhenItHasExpired() {
        // Given
        Job job = job("cancelled")
                .setDeadline(JobEvents.timestamp(NOW.minusSeconds(1)))
                .build();

        // When
        JobDemand.Reason reason = demand.drop(job);

        // Then
        assertThat(demand.isWanted(job("cancelled").build())).isFalse();
        assertThat(reason).isEqualTo(JobDemand.Reason.CANCELLED);
        assertThat(published).isEmpty();
    }

    private static Job due(Instant deadline) {
        return job("due").setDeadline(JobEvents.timestamp(deadline)).build();
    }

    private static Job.Builder job(String id) {
        return Job.newBuilder().setId(id).setTenant("acme");
    }

    private static final class OneCancelledJob implements Cancellations {
        @Override
        public boolean isCancelled(String jobId) {
            return jobId.equals("cancelled");
        }

        @Override
        public void onCancelled(Consumer<String> listener) {}
    }

    private final class Published implements JobEventPublisher {
        @Override
        public Receipt send(JobEvent event) {
            published.add(event);
            return () -> {};
        }

        @Override
        public void publishLossy(JobEvent event) {
            throw new AssertionError("a job's end must not get lost");
        }
    }
}
