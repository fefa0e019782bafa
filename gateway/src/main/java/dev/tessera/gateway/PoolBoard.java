package dev.tessera.gateway;

import dev.tessera.gateway.GatewayException.Reason;
import dev.tessera.pipeline.Stage;
import dev.tessera.v1.JobEvent;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * How much work each pool has, as the fold of all jobs' events: any replica that has read the log has the same numbers,
 * and a restart changes none. Safe for use by many threads.
 */
public final class PoolBoard implements JobViews.Watcher {
    private final Pools pools;
    private final Models models;
    private final ImageCosts costs;
    private final Clock clock;
    private final Map<Work, StageLedger> ledgers = new HashMap<>();
    private final Set<String> active = new HashSet<>();
    private final Map<String, List<Consumer<Boolean>>> listeners = new HashMap<>();

    /** One queue: a stage's work for a model. */
    private record Work(Stage stage, String model) {}

    public PoolBoard(Pools pools, Models models, Clock clock) {
        this.pools = pools;
        this.models = models;
        this.clock = clock;
        costs = new ImageCosts(models);
    }

    @Override
    public synchronized void accepted(JobView view) {
        Pool.STAGES.forEach(stage -> ledger(stage, view).accepted(view));
        tell(view);
    }

    @Override
    public synchronized void happened(JobView before, JobView after, JobEvent event) {
        Pool.STAGES.forEach(stage -> ledger(stage, after).happened(before, after, event));
        tell(after);
    }

    public Set<String> names() {
        return pools.names();
    }

    public synchronized List<PoolReading> all() {
        return pools.all().stream().map(this::reading).toList();
    }

    /** @throws GatewayException when there is no such pool; the message names those there are */
    public synchronized PoolReading read(String name) {
        return pools.named(name)
                .map(this::reading)
                .orElseThrow(() -> new GatewayException(
                        Reason.POOL_NOT_FOUND, "there is no pool " + name + "; there are " + pools.names()));
    }

    /**
     * Calls back with whether the pool has work, and then whenever that changes; the call must not block.
     *
     * @return stops it
     * @throws GatewayException when there is no such pool
     */
    public synchronized Runnable listen(String name, Consumer<Boolean> listener) {
        boolean now = read(name).active();
        listeners.computeIfAbsent(name, key -> new CopyOnWriteArrayList<>()).add(listener);
        listener.accept(now);
        return () -> forget(name, listener);
    }

    private StageLedger ledger(Stage stage, JobView view) {
        return ledger(new Work(stage, view.job().getModel()));
    }

    private StageLedger ledger(Work work) {
        return ledgers.computeIfAbsent(work, key -> new StageLedger(key.stage(), costs, clock));
    }

    private void tell(JobView view) {
        for (Pool pool : pools.all()) {
            if (pool.models().contains(view.job().getModel())) {
                boolean now = isActive(pool);
                if (now ? active.add(pool.name()) : active.remove(pool.name())) {
                    listeners.getOrDefault(pool.name(), List.of()).forEach(listener -> listener.accept(now));
                }
            }
        }
    }

    private boolean isActive(Pool pool) {
        return pool.models().stream()
                .anyMatch(model -> !ledger(new Work(pool.stage(), model)).load().isNone());
    }

    private PoolReading reading(Pool pool) {
        StageLoad sum = StageLoad.NONE;
        double queued = 0;
        double inFlight = 0;
        double perSecond = 0;
        List<PoolReading.Rate> rates = new ArrayList<>();
        for (String model : pool.models()) {
            StageLedger ledger = ledger(new Work(pool.stage(), model));
            double factor = ledger.rate().factor().orElse(1);
            double share = factor / 1e9 / pools.sharing(pool.stage(), model);
            sum = sum.plus(ledger.load());
            queued += ledger.load().queuedNanos() * share;
            inFlight += ledger.load().inFlightNanos() * share;
            perSecond += ledger.perSecond() * share * 1e9;
            rates.add(rate(pool.stage(), model, ledger.rate()));
        }
        var load = new PoolReading.Load(sum.jobs(), sum.upstream(), sum.queued(), sum.inFlight());
        return new PoolReading(pool, !sum.isNone(), queued, inFlight, load, rates, perSecond);
    }

    private PoolReading.Rate rate(Stage stage, String model, MeasuredRate rate) {
        double expected =
                models.named(model).map(known -> costs.nanos(stage, known)).orElse(0L) / 1e9;
        return new PoolReading.Rate(
                model, expected * rate.factor().orElse(1), rate.factor().isPresent());
    }

    private synchronized void forget(String name, Consumer<Boolean> listener) {
        listeners.getOrDefault(name, List.of()).remove(listener);
    }
}
