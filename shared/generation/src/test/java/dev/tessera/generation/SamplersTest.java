package dev.tessera.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tessera.inference.TokenSampler;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;

class SamplersTest {
    @Test
    void shouldMakeEveryDrawOnce() {
        try (var samplers = new Samplers(8, 3)) {
            for (int count : new int[] {0, 1, 2, 3, 100}) {
                // Given
                var made = new AtomicIntegerArray(count);

                // When
                samplers.draw(count, (sampler, index) -> made.incrementAndGet(index));

                // Then
                for (int index = 0; index < count; index++) {
                    assertThat(made.get(index)).isEqualTo(1);
                }
            }
        }
    }

    @Test
    void shouldDrawSideBySideWithASamplerForEach() {
        try (var samplers = new Samplers(8, 3)) {
            // Given: nobody gets on before all have come
            var all = new CyclicBarrier(3);
            Set<TokenSampler> used = ConcurrentHashMap.newKeySet();

            // When
            samplers.draw(3, (sampler, index) -> {
                used.add(sampler);
                await(all);
            });

            // Then
            assertThat(used).hasSize(3);
        }
    }

    @Test
    void shouldPassOnWhatADrawThrows() {
        try (var samplers = new Samplers(8, 2)) {
            for (int broken : new int[] {0, 1}) {
                // When, Then
                assertThatExceptionOfType(IllegalArgumentException.class)
                        .isThrownBy(() -> samplers.draw(2, (sampler, index) -> {
                            if (index == broken) {
                                throw new IllegalArgumentException("draw " + index);
                            }
                        }))
                        .withMessage("draw " + broken);
            }
        }
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
