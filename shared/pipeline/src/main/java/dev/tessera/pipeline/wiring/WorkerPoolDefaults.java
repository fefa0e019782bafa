package dev.tessera.pipeline.wiring;

import java.util.Map;
import java.util.Set;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.jspecify.annotations.Nullable;

/**
 * Room for all slots in the worker pool {@code work}: it is the slots that bound how much is done at once, and the pool's
 * own default of ten would let others wait that already hold a record. A setting of the service's own goes first.
 */
public final class WorkerPoolDefaults implements ConfigSource {
    private static final int BELOW_EVERY_OTHER = Integer.MIN_VALUE + 1000;
    private static final Map<String, String> VALUES = Map.of("smallrye.messaging.worker.work.max-concurrency", "256");

    @Override
    public int getOrdinal() {
        return BELOW_EVERY_OTHER;
    }

    @Override
    public Set<String> getPropertyNames() {
        return VALUES.keySet();
    }

    @Override
    public @Nullable String getValue(String name) {
        return VALUES.get(name);
    }

    @Override
    public String getName() {
        return "Tessera worker pool";
    }
}
