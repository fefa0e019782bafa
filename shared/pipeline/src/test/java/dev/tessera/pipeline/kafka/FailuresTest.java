package dev.tessera.pipeline.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.pipeline.PermanentFailure;
import dev.tessera.pipeline.PipelineException;
import dev.tessera.pipeline.PipelineException.Reason;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class FailuresTest {
    @Test
    void shouldFindAPermanentFailureUnderWhatWrapsIt() {
        // Given
        var wrapped = new CompletionException(new IllegalStateException(new Broken("It is broken")));

        // When
        var verdict = Failures.permanent(wrapped);

        // Then
        assertThat(verdict).contains(new Failures.Verdict("broken", "It is broken"));
    }

    @Test
    void shouldRetryWhatAnOutageCaused() {
        // Given
        var away = new PipelineException(Reason.BUCKET_UNAVAILABLE, "away");

        // When
        var verdict = Failures.permanent(away);

        // Then
        assertThat(verdict).isEmpty();
        assertThat(Failures.reason(away)).isEqualTo("bucket_unavailable");
    }

    @Test
    void shouldNotRetryWhatCannotBeRead() {
        // Given
        var malformed = new PipelineException(Reason.MALFORMED_RECORD, "no protobuf");

        // When
        var verdict = Failures.permanent(malformed);

        // Then
        assertThat(verdict).contains(new Failures.Verdict("malformed_record", "no protobuf"));
    }

    @Test
    void shouldQuoteNothingOfAnUnknownException() {
        // Given
        var unknown = new IllegalStateException("a prompt");

        // When
        var verdict = Failures.exhausted(unknown);

        // Then
        assertThat(verdict.reason()).isEqualTo("attempts_exhausted");
        assertThat(verdict.detail()).contains("IllegalStateException").doesNotContain("prompt");
    }

    private static final class Broken extends RuntimeException implements PermanentFailure {
        private static final long serialVersionUID = 1L;

        Broken(String message) {
            super(message);
        }

        @Override
        public String reason() {
            return "broken";
        }
    }
}
