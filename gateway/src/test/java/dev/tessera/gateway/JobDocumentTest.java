package dev.tessera.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.v1.Job;
import org.junit.jupiter.api.Test;

class JobDocumentTest {
    private static final Job JOB =
            TestEvents.ofJob("019aa5d2-7c3e-7b1f-9a40-3f1c22d0a6b1", 1).job();

    @Test
    void shouldTellARequestForASmoothImageFromAnother() {
        // Given
        Job.Builder smoothJob = JOB.toBuilder();
        smoothJob.getSamplingBuilder().setMoreSmooth(true);

        // When
        JobDocument drawn = JobDocument.of(JobView.accepted(JOB, 0));
        JobDocument smooth = JobDocument.of(JobView.accepted(smoothJob.build(), 0));

        // Then
        assertThat(smooth.body().path("more_smooth").asBoolean()).isTrue();
        assertThat(drawn.body().has("more_smooth")).isFalse();
        assertThat(smooth.asksTheSameAs(drawn)).isFalse();
        assertThat(smooth.asksTheSameAs(JobDocument.read(smooth.bytes()))).isTrue();
        assertThat(drawn.asksTheSameAs(JobDocument.read(drawn.bytes()))).isTrue();
    }
}
