package dev.tessera.pipeline.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.pipeline.Delivery;
import dev.tessera.pipeline.Stage;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

class HandOverTest {
    private static Headers headers(HandOver handOver) {
        var headers = new RecordHeaders();
        handOver.headers().forEach((key, value) -> headers.add(key, value.getBytes(UTF_8)));
        return headers;
    }

    private static Delivery delivered(HandOver left, int deliveries) {
        return new Delivery(Stage.GENERATOR, "m", left.attempt(deliveries), left.times());
    }

    @Test
    void shouldKnowNothingOfWorkThatNobodyHasLeft() {
        assertThat(HandOver.of(new RecordHeaders())).isEqualTo(new HandOver(0, 0));
    }

    @Test
    void shouldKeepTheAttemptsThatFailedAndNotCountTheOneThatWasLeft() {
        // Given: two attempts have failed, and the third is left
        Delivery third = new Delivery(Stage.GENERATOR, "m", 3);

        // When
        HandOver left = HandOver.of(headers(HandOver.after(third)));

        // Then
        assertThat(left).isEqualTo(new HandOver(1, 2));
        assertThat(delivered(left, 1).attempt()).isEqualTo(3);
        assertThat(delivered(left, 2).attempt()).isEqualTo(4);
    }

    @Test
    void shouldComeToAnEndWhenWorkIsLeftAgainAndAgain() {
        // Given
        var left = new HandOver(0, 0);
        int most = 0;

        // When
        while (left.attempt(1) <= 8) {
            left = HandOver.of(headers(HandOver.after(delivered(left, 1))));
            most++;
        }

        // Then
        assertThat(most).isEqualTo(HandOver.FREE + 8);
    }

    @Test
    void shouldNotTrustWhatIsNoNumber() {
        // Given
        var headers = new RecordHeaders();
        headers.add(HandOver.TIMES, "-1".getBytes(UTF_8));
        headers.add(HandOver.FAILURES, "99999999999".getBytes(UTF_8));

        // When, Then
        assertThat(HandOver.of(headers)).isEqualTo(new HandOver(0, 0));
    }
}
