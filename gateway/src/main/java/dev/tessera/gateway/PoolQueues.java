package dev.tessera.gateway;

import dev.tessera.pipeline.PipelineException;
import dev.tessera.pipeline.QueueRecords;
import dev.tessera.pipeline.Stage;
import io.quarkus.scheduler.Scheduled;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * What the broker says of the pools' queues, to be held against what the events say: were one of them wrong, pools would
 * grow for work that is not there, or sleep over work that is. Safe for use by many threads.
 */
@Singleton
public final class PoolQueues {
    private static final Logger LOG = Logger.getLogger(PoolQueues.class);

    private final Pools pools;
    private final QueueRecords queues;
    private volatile Map<String, Long> records = Map.of();

    public PoolQueues(Pools pools, QueueRecords queues) {
        this.pools = pools;
        this.queues = queues;
    }

    /** Records of the pool's queues that nobody has settled, some seconds ago; empty when the broker has not told. */
    public OptionalLong records(String pool) {
        Long known = records.get(pool);
        return known == null ? OptionalLong.empty() : OptionalLong.of(known);
    }

    @Scheduled(every = "15s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void look() {
        try {
            records = counted();
        } catch (PipelineException e) {
            records = Map.of();
            LOG.warnf("queues not counted: reason=%s", e.reason().key());
        }
    }

    private Map<String, Long> counted() {
        Map<String, Long> counted = new HashMap<>();
        for (Stage stage : Pool.STAGES) {
            Map<String, Long> byModel = queues.unsettled(stage, models(stage));
            pools.all().stream()
                    .filter(pool -> pool.stage() == stage)
                    .filter(pool -> byModel.keySet().containsAll(pool.models()))
                    .forEach(pool -> counted.put(
                            pool.name(),
                            pool.models().stream().mapToLong(byModel::get).sum()));
        }
        return Map.copyOf(counted);
    }

    private Set<String> models(Stage stage) {
        return pools.all().stream()
                .filter(pool -> pool.stage() == stage)
                .flatMap(pool -> pool.models().stream())
                .collect(Collectors.toUnmodifiableSet());
    }
}
