package dev.tessera.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tessera.pipeline.Stage;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PoolsTest {
    private static final Duration TARGET = Duration.ofSeconds(30);

    private record Setting(String stage, List<String> models, Optional<Duration> target)
            implements GatewayConfig.Pool {}

    @Test
    void shouldMakeOnePoolOfEachModelAndStageWhereNoneAreConfigured() {
        // When
        Pools pools = Pools.of(Map.of(), TARGET, TestModels.both());

        // Then
        assertThat(pools.names())
                .containsExactly(
                        "decoder-tiny-class",
                        "decoder-tiny-text",
                        "generator-tiny-class",
                        "generator-tiny-text",
                        "tokenizer-tiny-class",
                        "tokenizer-tiny-text");
        assertThat(pools.all()).extracting(Pool::target).containsOnly(TARGET);
    }

    @Test
    void shouldMakeThePoolsThatAreConfiguredAndNoOthers() {
        // Given
        Duration own = Duration.ofSeconds(90);
        Map<String, GatewayConfig.Pool> settings = Map.of(
                "spot", new Setting("generator", List.of("tiny-text"), Optional.of(own)),
                "steady", new Setting("generator", List.of("tiny-text", "tiny-class"), Optional.empty()));

        // When
        Pools pools = Pools.of(settings, TARGET, TestModels.both());

        // Then
        assertThat(pools.names()).containsExactly("spot", "steady");
        assertThat(pools.named("spot")).map(Pool::target).contains(own);
        assertThat(pools.named("steady")).map(Pool::target).contains(TARGET);
        assertThat(pools.sharing(Stage.GENERATOR, "tiny-text")).isEqualTo(2);
        assertThat(pools.sharing(Stage.GENERATOR, "tiny-class")).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a | painter | tiny-text | PT30S | the pool a is of the stage painter; give one of tokenizer, generator, superres, decoder",
                "a | gateway | tiny-text | PT30S | the pool a is of the stage gateway, which tiny-text has not",
                "a | generator | large | PT30S | the pool a names the model large, which is none of [tiny-class, tiny-text]",
                "a | generator | tiny-text | PT0S | the pool a has a target of PT0S; give more than 0",
                "A | generator | tiny-text | PT30S | a pool is named 'A'",
            })
    void shouldSayWhatIsWrongWithAPool(String name, String stage, String model, Duration target, String message) {
        // Given
        Map<String, GatewayConfig.Pool> settings =
                Map.of(name, new Setting(stage, List.of(model), Optional.of(target)));

        // When, Then
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Pools.of(settings, TARGET, TestModels.both()))
                .withMessageContaining(message);
    }
}
