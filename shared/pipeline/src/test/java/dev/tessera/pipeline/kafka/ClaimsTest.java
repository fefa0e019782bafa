package dev.tessera.pipeline.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.objectstore.MemoryObjectStore;
import dev.tessera.pipeline.Claims;
import dev.tessera.testkit.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ClaimsTest {
    private static final Instant BEFORE_MIDNIGHT = Instant.parse("2026-01-01T23:59:00Z");
    private static final byte[] VALUE = {1, 2, 3};

    private final MemoryObjectStore bucket = new MemoryObjectStore();
    private final ManualClock clock = new ManualClock(BEFORE_MIDNIGHT);
    private final Claims claims = new Claims(bucket, clock);

    @Test
    void shouldGiveBackWhatWasLeft() {
        // When
        String name = claims.deposit("job", VALUE);

        // Then
        assertThat(name).startsWith("claims/2026-01-01/job/");
        assertThat(claims.fetch(name))
                .hasValueSatisfying(value -> assertThat(value).isEqualTo(VALUE));
    }

    @Test
    void shouldRemoveAllOfOneJobAlsoOfOneThatRanOverMidnight() {
        // Given
        claims.deposit("job", VALUE);
        clock.advance(Duration.ofMinutes(2));
        IntStream.range(0, 1001).forEach(i -> claims.deposit("job", VALUE));
        String other = claims.deposit("job-2", VALUE);

        // When
        claims.removeOf("job", BEFORE_MIDNIGHT);

        // Then
        assertThat(bucket.list("claims/", 2000)).containsExactly(other);
    }

    @Test
    void shouldRemoveWhatIsOlderAndNothingElse() {
        // Given
        IntStream.range(0, 1001).forEach(i -> claims.deposit("old", VALUE));
        clock.advance(Duration.ofDays(1));
        String young = claims.deposit("young", VALUE);
        bucket.putIfAbsent("claims/of-another-kind/1", VALUE, "", Map.of());
        bucket.putIfAbsent("default/old/0.png", VALUE, "", Map.of());

        // When
        int early = claims.removeOlderThan(Duration.ofDays(1));
        clock.advance(Duration.ofMinutes(1));
        int removed = claims.removeOlderThan(Duration.ofDays(1));

        // Then: the day was not over yet at the first call
        assertThat(early).isZero();
        assertThat(removed).isEqualTo(1001);
        assertThat(bucket.list("", 2000)).containsExactly(young, "claims/of-another-kind/1", "default/old/0.png");
    }
}
