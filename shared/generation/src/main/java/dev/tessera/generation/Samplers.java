package dev.tessera.generation;

import dev.tessera.inference.TokenSampler;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * One sampler for each core, so that the draws of a step are made side by side: the network waits for the last of them.
 * For one thread at a time.
 */
public final class Samplers implements AutoCloseable {
    private final List<TokenSampler> samplers = new ArrayList<>();
    private final ExecutorService others;

    /** @param vocabulary number of logits of one row */
    public Samplers(int vocabulary) {
        this(vocabulary, Runtime.getRuntime().availableProcessors());
    }

    public Samplers(int vocabulary, int threads) {
        for (int i = 0; i < threads; i++) {
            samplers.add(new TokenSampler(vocabulary));
        }
        others = Executors.newFixedThreadPool(
                threads, Thread.ofPlatform().daemon().name("sampler-", 0).factory());
    }

    /**
     * Makes independent draws, in any order and at the same time. Returns when all are made; the caller's thread takes
     * part.
     */
    public void draw(int count, Draw draw) {
        int shares = Math.min(samplers.size(), count);
        List<CompletableFuture<Void>> running = new ArrayList<>();
        for (int share = 1; share < shares; share++) {
            int mine = share;
            running.add(CompletableFuture.runAsync(() -> drawShare(mine, shares, count, draw), others));
        }
        try {
            drawShare(0, shares, count, draw);
        } finally {
            await(running);
        }
    }

    private void drawShare(int share, int shares, int count, Draw draw) {
        TokenSampler sampler = samplers.get(share);
        for (int index = share; index < count; index += shares) {
            draw.draw(sampler, index);
        }
    }

    private static void await(List<CompletableFuture<Void>> running) {
        try {
            CompletableFuture.allOf(running.toArray(CompletableFuture[]::new)).join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException failure ? failure : e;
        }
    }

    @Override
    public void close() {
        others.shutdown();
    }

    /** One of several draws. */
    @FunctionalInterface
    public interface Draw {
        void draw(TokenSampler sampler, int index);
    }
}
