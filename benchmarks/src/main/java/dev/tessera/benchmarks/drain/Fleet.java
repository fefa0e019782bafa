package dev.tessera.benchmarks.drain;

import dev.tessera.cli.stack.LocalStack;
import dev.tessera.cli.stack.StackService;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** Some generators of a stack. Any of them can be ended, and another one then takes its place. */
final class Fleet implements AutoCloseable {
    private final LocalStack stack;
    private final List<AtomicReference<Optional<LocalStack>>> members = new ArrayList<>();
    private final List<CompletableFuture<Void>> replacements = new ArrayList<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Strikes strikes = new Strikes();
    private final AtomicInteger begins = new AtomicInteger();

    /** Returns when all are ready. */
    Fleet(LocalStack stack, int size) {
        this.stack = stack;
        for (int i = 0; i < size; i++) {
            members.add(new AtomicReference<>(Optional.of(start(i))));
        }
    }

    /** Never null: a member that is not ready is an empty one. */
    private static Optional<LocalStack> current(AtomicReference<Optional<LocalStack>> member) {
        return Objects.requireNonNull(member.get());
    }

    /** The one before may still be leaving: each has a folder of its own. */
    private LocalStack start(int member) {
        long begun = System.nanoTime();
        LocalStack started =
                stack.startReplica(StackService.GENERATOR, "generator-" + member + "-" + begins.incrementAndGet());
        strikes.started((System.nanoTime() - begun) / 1e9);
        return started;
    }

    Strikes strikes() {
        return strikes;
    }

    /**
     * Ends one of those that are ready, by SIGTERM or by SIGKILL, and goes on while it ends. Another one is started at once, as a
     * cluster does: it does not count pods that are leaving.
     */
    void strike(Random random) {
        List<Integer> ready = new ArrayList<>();
        for (int i = 0; i < members.size(); i++) {
            if (current(members.get(i)).isPresent()) {
                ready.add(i);
            }
        }
        if (ready.isEmpty()) {
            strikes.miss();
            return;
        }
        int member = ready.get(random.nextInt(ready.size()));
        boolean kill = random.nextBoolean();
        LocalStack victim = members.get(member).getAndSet(Optional.empty()).orElseThrow();
        replacements.add(CompletableFuture.runAsync(() -> end(victim, kill), threads));
        replacements.add(
                CompletableFuture.runAsync(() -> members.get(member).set(Optional.of(start(member))), threads));
    }

    private void end(LocalStack victim, boolean kill) {
        strikes.remember(GeneratorMetrics.of(victim));
        if (kill) {
            victim.kill(StackService.GENERATOR);
            strikes.killed();
        } else {
            long begun = System.nanoTime();
            boolean byItself = victim.stopService(StackService.GENERATOR);
            strikes.left(byItself, (System.nanoTime() - begun) / 1e9);
        }
        victim.close();
    }

    /** Returns when all members are ready again. */
    void await() {
        replacements.forEach(CompletableFuture::join);
        replacements.clear();
    }

    /** Of all that have been ended, and of all that run. */
    GeneratorMetrics metrics() {
        return members.stream()
                .flatMap(member -> current(member).stream())
                .map(GeneratorMetrics::of)
                .reduce(strikes.remembered(), GeneratorMetrics::plus);
    }

    @Override
    public void close() {
        try {
            await();
        } finally {
            members.forEach(member -> current(member).ifPresent(LocalStack::close));
            threads.close();
        }
    }
}
