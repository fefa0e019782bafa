package dev.tessera.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tessera.pipeline.JobEvents;
import dev.tessera.pipeline.PipelineException;
import dev.tessera.v1.ImageConditioned;
import dev.tessera.v1.Job;
import dev.tessera.v1.JobEvent;
import org.junit.jupiter.api.Test;

class TokenizerWorkerTest extends TokenizerWorkerFixture {
    @Test
    void shouldEncodeOnceAndPublishTheWorkOfEachImage() {
        // Given
        Job job = Jobs.job().setPrompt("a cat").build();

        // When
        condition(job);

        // Then
        assertThat(encoder.prompts).containsExactly("a cat");
        assertThat(published.work).extracting(ImageConditioned::getImageIndex).containsExactly(0, 1, 2);
        assertThat(published.work).allSatisfy(work -> {
            assertThat(work.getJob()).isEqualTo(job);
            assertThat(work.getConditioning().getText().getTokens()).isEqualTo(5);
        });
        JobEvent event = published.events.getFirst();
        assertThat(event.getEventCase()).isEqualTo(JobEvent.EventCase.ENCODING_STARTED);
        assertThat(event.getJobId()).isEqualTo("job-1");
        assertThat(event.getTenant()).isEqualTo("tenant-1");
        assertThat(event.getTime()).isEqualTo(JobEvents.timestamp(NOW));
        assertThat(event.getEncodingStarted().getWorker()).isEqualTo("pod-1");
        assertThat(published.events).hasSize(2);
        assertThat(published.events.getLast().getEncodingCompleted().hasEngineTime())
                .isTrue();
    }

    @Test
    void shouldDropACancelledJob() {
        // When
        condition(Jobs.job().setId("job-cancelled").setPrompt("a cat").build());

        // Then
        assertThat(published.work).isEmpty();
        assertThat(published.events).isEmpty();
        assertThat(encoder.prompts).isEmpty();
    }

    @Test
    void shouldDropAnExpiredJobAndSaySo() {
        // When
        condition(Jobs.job()
                .setPrompt("a cat")
                .setDeadline(JobEvents.timestamp(NOW.minusSeconds(1)))
                .build());

        // Then
        assertThat(published.work).isEmpty();
        assertThat(published.events).extracting(JobEvent::getEventCase).containsExactly(JobEvent.EventCase.EXPIRED);
    }

    @Test
    void shouldDoAJobWhoseDeadlineIsAhead() {
        // When
        condition(Jobs.job()
                .setPrompt("a cat")
                .setDeadline(JobEvents.timestamp(NOW.plusSeconds(1)))
                .build());

        // Then
        assertThat(published.work).hasSize(3);
    }

    @Test
    void shouldRefuseAJobThatWasAcceptedForOtherWeights() {
        // Given
        Job job = Jobs.job().setPrompt("a cat").setModelDigest("e".repeat(64)).build();

        // When, Then
        assertThatExceptionOfType(TokenizerException.class)
                .isThrownBy(() -> condition(job))
                .satisfies(e -> assertThat(e.reason()).isEqualTo("model_unavailable"));
        assertThat(published.work).isEmpty();
    }

    @Test
    void shouldFailWhenTheWorkCannotBePublishedSoThatItIsRepeated() {
        // Given
        published.failing = true;

        // When, Then
        assertThatExceptionOfType(PipelineException.class)
                .isThrownBy(() -> condition(Jobs.job().setPrompt("a cat").build()));
        assertThat(published.events)
                .extracting(JobEvent::getEventCase)
                .containsExactly(JobEvent.EventCase.ENCODING_STARTED);
    }

    @Test
    void shouldFailWhenItsEventIsNotConfirmedSoThatItIsRepeated() {
        // Given
        published.confirmation = () -> {
            throw new PipelineException(PipelineException.Reason.BROKER_UNAVAILABLE, "no broker");
        };

        // When, Then
        assertThatExceptionOfType(PipelineException.class)
                .isThrownBy(() -> condition(Jobs.job().setPrompt("a cat").build()));
        assertThat(published.work).isEmpty();
    }
}
