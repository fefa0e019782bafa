package dev.tessera.pipeline.kafka;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.AcknowledgeType;

/**
 * What this process is doing and what it has done lately. When a lock was lost, by a broker's restart for instance, the
 * record comes again while its work still runs here, or after it: the second delivery then shares the first one's
 * result instead of doing the work twice. Safe for use by many threads.
 */
final class Progress {
    private static final int REMEMBERED = 4096;

    private final Map<RecordKey, CompletableFuture<Void>> running = new ConcurrentHashMap<>();
    private final Map<RecordKey, AcknowledgeType> settled = new LinkedHashMap<>();

    /** Starts the work unless it is running already. */
    CompletableFuture<Void> share(RecordKey key, Supplier<CompletableFuture<Void>> work) {
        return running.computeIfAbsent(key, started -> work.get());
    }

    /** No more to be shared: another delivery starts afresh. */
    void forget(RecordKey key, CompletableFuture<Void> work) {
        running.remove(key, work);
    }

    /** How it ended; to be told again if the broker did not hear of it. */
    void settle(RecordKey key, AcknowledgeType type) {
        synchronized (settled) {
            settled.put(key, type);
            if (settled.size() > REMEMBERED) {
                settled.remove(settled.keySet().iterator().next());
            }
        }
    }

    Optional<AcknowledgeType> settled(RecordKey key) {
        synchronized (settled) {
            return Optional.ofNullable(settled.get(key));
        }
    }
}
