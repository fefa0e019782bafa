package dev.tessera.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JobIdsTest {
    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00.123Z");

    @Test
    void shouldSortByTime() {
        // Given
        Random random = new Random(1);

        // When
        String earlier = JobIds.at(NOW, random);
        String later = JobIds.at(NOW.plusMillis(1), random);

        // Then
        assertThat(earlier).isLessThan(later);
        assertThat(UUID.fromString(earlier).version()).isEqualTo(7);
        assertThat(UUID.fromString(earlier).variant()).isEqualTo(2);
        assertThat(JobIds.isId(earlier)).isTrue();
    }

    @Test
    void shouldCarryTheTimeInItsFirst48Bits() {
        // When
        String id = JobIds.at(NOW, new Random(1));

        // Then
        assertThat(Long.parseLong(id.substring(0, 8) + id.substring(9, 13), 16)).isEqualTo(NOW.toEpochMilli());
    }

    @Test
    void shouldKnowAYoungIdByItself() {
        // Given
        String id = JobIds.at(NOW, new Random(1));
        Duration age = Duration.ofSeconds(5);

        // When
        boolean young = JobIds.isYoung(id, NOW.plusSeconds(4), age);
        boolean old = JobIds.isYoung(id, NOW.plusSeconds(6), age);

        // Then
        assertThat(young).isTrue();
        assertThat(old).isFalse();
    }

    @Test
    void shouldMakeOneIdOfOneKeyAndTenant() {
        // When
        String id = JobIds.ofKey(new Tenant("a"), "key");

        // Then
        assertThat(id).isEqualTo(JobIds.ofKey(new Tenant("a"), "key"));
        assertThat(id).isNotEqualTo(JobIds.ofKey(new Tenant("b"), "key"));
        assertThat(id).isNotEqualTo(JobIds.ofKey(new Tenant("a"), "key2"));
        assertThat(JobIds.isId(id)).isTrue();
        assertThat(UUID.fromString(id).version()).isEqualTo(8);
    }

    @Test
    void shouldMakeSeedsThatRequestsMayHave() {
        // When
        long seed = JobIds.seedOf("019aa5d2-7c3e-7b1f-9a40-3f1c22d0a6b1");

        // Then
        assertThat(seed).isBetween(0L, JobRequestParser.MAX_SEED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1",
                "../../etc",
                "019AA5D2-7C3E-7B1F-9A40-3F1C22D0A6B1",
                "019aa5d2-7c3e-4b1f-9a40-3f1c22d0a6b1",
                "019aa5d2-7c3e-7b1f-9a40-3f1c22d0a6b1\n",
                "019aa5d27c3e7b1f9a403f1c22d0a6b1"
            })
    void shouldRefuseWhatItNeverMakes(String text) {
        // When
        boolean id = JobIds.isId(text);

        // Then
        assertThat(id).isFalse();
    }
}
