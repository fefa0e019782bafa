package dev.tessera.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.pipeline.PipelineException;
import dev.tessera.pipeline.QueueRecords;
import dev.tessera.pipeline.Stage;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PoolQueuesTest {
    private final FakeBroker broker = new FakeBroker();
    private final PoolQueues queues = new PoolQueues(
            new Pools(List.of(
                    new Pool("mosaics", Stage.GENERATOR, Set.of("one", "two"), Duration.ofSeconds(30)),
                    new Pool("spot", Stage.GENERATOR, Set.of("one"), Duration.ofSeconds(30)),
                    new Pool("pictures", Stage.DECODER, Set.of("one"), Duration.ofSeconds(30)))),
            broker);

    @Test
    void shouldCountTheQueuesOfAllModelsOfAPool() {
        // Given
        broker.records.put(Stage.GENERATOR, Map.of("one", 3L, "two", 4L));
        broker.records.put(Stage.DECODER, Map.of("one", 0L));
        // When
        queues.look();
        // Then
        assertThat(queues.records("mosaics")).hasValue(7);
        assertThat(queues.records("spot")).hasValue(3);
        assertThat(queues.records("pictures")).hasValue(0);
    }

    @Test
    void shouldSayNothingOfPoolsWithAQueueThatTheBrokerHasNotMet() {
        // Given
        broker.records.put(Stage.GENERATOR, Map.of("one", 3L));
        // When
        queues.look();
        // Then
        assertThat(queues.records("mosaics")).isEmpty();
        assertThat(queues.records("spot")).hasValue(3);
        assertThat(queues.records("pictures")).isEmpty();
    }

    @Test
    void shouldForgetWhatItKnewWhenTheBrokerDoesNotAnswer() {
        // Given
        broker.records.put(Stage.GENERATOR, Map.of("one", 3L));
        queues.look();
        broker.away = true;
        // When
        queues.look();
        // Then
        assertThat(queues.records("spot")).isEmpty();
    }

    private static final class FakeBroker implements QueueRecords {
        final Map<Stage, Map<String, Long>> records = new HashMap<>();
        boolean away;

        @Override
        public Map<String, Long> unsettled(Stage stage, Set<String> models) {
            if (away) {
                throw new PipelineException(PipelineException.Reason.BROKER_UNAVAILABLE, "away", new Exception());
            }
            return records.getOrDefault(stage, Map.of());
        }
    }
}
