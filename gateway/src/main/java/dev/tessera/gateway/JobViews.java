package dev.tessera.gateway;

import dev.tessera.v1.Job;
import dev.tessera.v1.JobEvent;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;

/**
 * The jobs this replica knows: all that have not ended, and the lately finished ones. Events go in by one thread at a
 * time, in the order of the log; reading never waits.
 */
public final class JobViews {
    private static final Comparator<JobView> NEWEST_FIRST = Comparator.<JobView, Instant>comparing(
                    view -> JobView.instant(view.job().getCreatedAt()))
            .thenComparing(view -> view.job().getId())
            .reversed();

    private final Map<String, JobView> views = new ConcurrentHashMap<>();
    private final Map<String, List<Consumer<JobView>>> listeners = new ConcurrentHashMap<>();
    private final List<Watcher> watchers = new CopyOnWriteArrayList<>();
    private final Deque<JobView> finished = new ArrayDeque<>();
    private final ToIntFunction<Job> tokensPerImage;
    private final Retention retention;
    private final Clock clock;

    /**
     * How much of the past stays in memory.
     *
     * @param limit the most finished jobs
     */
    public record Retention(Duration age, int limit) {}

    /** Hears everything of every job until its end, in the order of the log. It must not block, and must not throw. */
    interface Watcher {
        void accepted(JobView view);

        /** @param after the same as before where the event changed nothing, for example because it came again */
        void happened(JobView before, JobView after, JobEvent event);
    }

    /** @param tokensPerImage of a job; 0 where its model is not known */
    public JobViews(ToIntFunction<Job> tokensPerImage, Retention retention, Clock clock) {
        this.tokensPerImage = tokensPerImage;
        this.retention = retention;
        this.clock = clock;
    }

    /** For who wants to hear everything: to be called before the first event. */
    void watch(Watcher watcher) {
        watchers.add(watcher);
    }

    /** Takes one event in. Listeners are called before this returns. */
    public synchronized void apply(JobEvent event) {
        JobView before = views.get(event.getJobId());
        if (before == null) {
            begin(event);
            return;
        }
        JobView after = before.after(event);
        if (!after.equals(before)) {
            put(after);
        }
        if (!before.finished()) {
            watchers.forEach(watcher -> watcher.happened(before, after, event));
        }
    }

    public Optional<JobView> find(String id) {
        return Optional.ofNullable(views.get(id));
    }

    /** The newest jobs of a tenant, newest first. */
    public List<JobView> newest(Tenant tenant, int limit) {
        return views.values().stream()
                .filter(view -> view.job().getTenant().equals(tenant.name()))
                .sorted(NEWEST_FIRST)
                .limit(limit)
                .toList();
    }

    public List<JobView> all() {
        return List.copyOf(views.values());
    }

    /** Calls back with the job as it is, if it is known, and then with every change; the call must not block. */
    public synchronized Runnable listen(String id, Consumer<JobView> listener) {
        listeners.computeIfAbsent(id, key -> new CopyOnWriteArrayList<>()).add(listener);
        find(id).ifPresent(listener);
        return () -> forget(id, listener);
    }

    /** The job once it is as wished, or as it is when the time is up; empty when it is not known even then. */
    public Optional<JobView> await(String id, Predicate<JobView> wish, Duration patience) {
        CompletableFuture<JobView> wished = new CompletableFuture<>();
        Runnable stop = listen(id, view -> {
            if (wish.test(view)) {
                wished.complete(view);
            }
        });
        try {
            return wished.thenApply(Optional::of)
                    .completeOnTimeout(Optional.empty(), patience.toMillis(), TimeUnit.MILLISECONDS)
                    .join()
                    .or(() -> find(id));
        } finally {
            stop.run();
        }
    }

    /** Lets go of finished jobs that are too old or too many. */
    public synchronized void evict() {
        Instant oldest = clock.instant().minus(retention.age());
        while (!finished.isEmpty() && (finished.size() > retention.limit() || endedBefore(oldest))) {
            views.remove(finished.removeFirst().job().getId());
        }
    }

    private boolean endedBefore(Instant oldest) {
        return finished.getFirst().state() instanceof JobState.Final end
                && end.completedAt().isBefore(oldest);
    }

    private void begin(JobEvent event) {
        if (event.hasAccepted()) {
            var job = event.getAccepted().getJob();
            JobView view = JobView.accepted(job, tokensPerImage.applyAsInt(job));
            put(view);
            watchers.forEach(watcher -> watcher.accepted(view));
        }
    }

    private void put(JobView view) {
        views.put(view.job().getId(), view);
        if (view.finished()) {
            finished.addLast(view);
            evict();
        }
        listeners.getOrDefault(view.job().getId(), List.of()).forEach(listener -> listener.accept(view));
    }

    private synchronized void forget(String id, Consumer<JobView> listener) {
        listeners.computeIfPresent(id, (key, all) -> {
            all.remove(listener);
            return all.isEmpty() ? null : all;
        });
    }
}
