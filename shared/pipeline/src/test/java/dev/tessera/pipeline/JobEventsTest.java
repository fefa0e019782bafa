package dev.tessera.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.testkit.ManualClock;
import dev.tessera.v1.Job;
import dev.tessera.v1.JobEvent;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class JobEventsTest {
    private final ManualClock clock = new ManualClock(Instant.ofEpochSecond(1_000, 5));
    private final JobEvents events = new JobEvents(clock);
    private final Job job = Job.newBuilder().setId("j1").setTenant("acme").build();

    @Test
    void shouldStampAnEventWithItsJobAndTheTimeOfMaking() {
        // Given
        clock.advance(Duration.ofSeconds(2));

        // When
        JobEvent event = events.generationProgressed(job, 3, 40, 256);

        // Then
        assertThat(event.getJobId()).isEqualTo("j1");
        assertThat(event.getTenant()).isEqualTo("acme");
        assertThat(event.getTime().getSeconds()).isEqualTo(1_002);
        assertThat(event.getTime().getNanos()).isEqualTo(5);
        assertThat(event.getGenerationProgressed().getImageIndex()).isEqualTo(3);
        assertThat(event.getGenerationProgressed().getTokensDone()).isEqualTo(40);
        assertThat(event.getGenerationProgressed().getTokensTotal()).isEqualTo(256);
    }

    @Test
    void shouldCarryTheWholeJobInItsAcceptance() {
        // Given
        Job accepted = job.toBuilder().setPrompt("a rocket").build();

        // When
        JobEvent event = events.accepted(accepted);

        // Then
        assertThat(event.getAccepted().getJob()).isEqualTo(accepted);
    }
}
