package dev.tessera.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.tessera.gateway.PoolSettings.Mode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PoolChangeTest {
    private static final PoolSettings AUTOSCALED = new PoolSettings(true, 1, 8, Mode.RUNNING);
    private static final PoolSettings FIXED = PoolSettings.fixed(2);

    @Test
    void shouldKeepWhatTheBodyDoesNotName() {
        // When
        PoolSettings larger = PoolChange.of(bytes("{\"max\":20}"), AUTOSCALED);
        PoolSettings paused = PoolChange.of(bytes("{\"mode\":\"paused\"}"), AUTOSCALED);
        PoolSettings same = PoolChange.of(bytes("{}"), FIXED);

        // Then
        assertThat(larger).isEqualTo(new PoolSettings(true, 1, 20, Mode.RUNNING));
        assertThat(paused).isEqualTo(new PoolSettings(true, 1, 8, Mode.PAUSED));
        assertThat(same).isEqualTo(FIXED);
    }

    @Test
    void shouldResizeAndDrainAPoolOfAFixedSize() {
        // When
        PoolSettings resized = PoolChange.of(bytes("{\"min\":5,\"max\":5}"), FIXED);
        PoolSettings drained = PoolChange.of(bytes("{\"mode\":\"drained\"}"), FIXED);
        PoolSettings back = PoolChange.of(bytes("{\"min\":3,\"max\":3,\"mode\":\"running\"}"), drained);

        // Then
        assertThat(resized).isEqualTo(PoolSettings.fixed(5));
        assertThat(drained).isEqualTo(new PoolSettings(false, 0, 0, Mode.DRAINED));
        assertThat(back).isEqualTo(PoolSettings.fixed(3));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"min\":9}                     | /min  | is 9, and max is 8",
                "{\"min\":-1}                    | /min  | is -1; give an integer from 0 to 100000",
                "{\"max\":0,\"min\":0}           | /max  | give at least 1, or the mode drained",
                "{\"max\":\"8\"}                 | /max  | is text; give an integer",
                "{\"mode\":\"off\"}              | /mode | give one of running, paused, drained",
                "{\"mode\":true}                 | /mode | is true; give text",
                "{\"replicas\":3}                | /replicas | cannot be changed; give some of [min, max, mode]"
            })
    void shouldNameEveryMistake(String body, String pointer, String detail) {
        // When and Then
        assertRefused(body, AUTOSCALED, pointer, detail);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"max\":4}             | /max  | give both the same",
                "{\"mode\":\"paused\"}   | /mode | has a fixed size",
            })
    void shouldSayWhatAPoolOfAFixedSizeCannotDo(String body, String pointer, String detail) {
        // When and Then
        assertRefused(body, FIXED, pointer, detail);
    }

    @Test
    void shouldAskForTheSizeThatADrainedPoolIsToHave() {
        // When and Then
        assertRefused("{\"mode\":\"running\"}", PoolSettings.fixed(0), "/mode", "say how many with min and max");
    }

    private static void assertRefused(String body, PoolSettings now, String pointer, String detail) {
        assertThatThrownBy(() -> PoolChange.of(bytes(body), now))
                .asInstanceOf(type(GatewayException.class))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(GatewayException.Reason.INVALID_REQUEST))
                .satisfies(e -> assertThat(e.errors()).singleElement().satisfies(error -> {
                    assertThat(error.pointer()).isEqualTo(pointer);
                    assertThat(error.detail()).contains(detail);
                }));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
