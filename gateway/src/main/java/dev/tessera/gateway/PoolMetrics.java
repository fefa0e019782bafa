package dev.tessera.gateway;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.function.ToDoubleFunction;

/** The pools' numbers as metrics, for who scales without KEDA. They are no numbers until the past is known. */
@Singleton
final class PoolMetrics {
    private final MeterRegistry registry;
    private final PoolSignal pools;
    private final PoolQueues queues;

    PoolMetrics(MeterRegistry registry, PoolSignal pools, PoolQueues queues) {
        this.registry = registry;
        this.pools = pools;
        this.queues = queues;
    }

    void register(@Observes StartupEvent event) {
        for (String pool : pools.names()) {
            work(pool, "queued", PoolReading::queuedSeconds);
            work(pool, "in_flight", PoolReading::inFlightSeconds);
            images(pool, "upstream", reading -> reading.load().upstream());
            images(pool, "queued", reading -> reading.load().queued());
            images(pool, "in_flight", reading -> reading.load().inFlight());
            records(pool);
            gauge("tessera.gateway.pool.target", pool, reading -> reading.pool().targetSeconds())
                    .description("Engine time of work that one worker of the pool should have before it")
                    .baseUnit("seconds")
                    .register(registry);
        }
    }

    private void work(String pool, String state, ToDoubleFunction<PoolReading> value) {
        gauge("tessera.gateway.pool.work", pool, value)
                .description("Engine time that the pool's work is expected to take")
                .baseUnit("seconds")
                .tag("state", state)
                .register(registry);
    }

    private void images(String pool, String state, ToDoubleFunction<PoolReading> value) {
        gauge("tessera.gateway.pool.images", pool, value)
                .description("Images that the pool has to work on")
                .tag("state", state)
                .register(registry);
    }

    private void records(String pool) {
        Gauge.builder("tessera.gateway.pool.records", queues, all -> all.records(pool).stream()
                        .asDoubleStream()
                        .findFirst()
                        .orElse(Double.NaN))
                .description("Records of the pool's queues that nobody has settled, as the broker counts them")
                .tag("pool", pool)
                .register(registry);
    }

    private Gauge.Builder<PoolSignal> gauge(String name, String pool, ToDoubleFunction<PoolReading> value) {
        return Gauge.builder(
                        name, pools, signal -> signal.isReady() ? value.applyAsDouble(signal.read(pool)) : Double.NaN)
                .tag("pool", pool);
    }
}
