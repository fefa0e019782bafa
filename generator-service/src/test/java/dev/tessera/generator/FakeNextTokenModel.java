package dev.tessera.generator;

import dev.tessera.inference.bundle.Conditioning;
import dev.tessera.inference.bundle.Grid;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Semaphore;

/**
 * A network whose logits are a hash of everything that the row's visible slots hold: any mistake in a slot, a cell, a
 * token or a copied row gives other logits.
 */
final class FakeNextTokenModel implements NextTokenModel {
    static final int VOCABULARY = 32;

    /** Row counts of the steps so far, guarded by this. */
    final List<Integer> stepRows = new ArrayList<>();

    /** Steps wait for a permit of it; by default there are enough. */
    final Semaphore permits = new Semaphore(1_000_000);

    volatile int failingSteps;
    volatile int failingPrefills;
    volatile boolean notNumbers;
    volatile boolean outOfMemory;
    volatile boolean closed;

    private final NextTokenDimensions dimensions;
    private final long[][] cache;
    private final FloatBuffer logits;

    FakeNextTokenModel(int rows, int prefixTokens, Grid grid, Conditioning conditioning) {
        this.dimensions = new NextTokenDimensions(VOCABULARY, prefixTokens, grid, conditioning);
        this.cache = new long[rows][dimensions.positions()];
        this.logits = FloatBuffer.allocate(rows * VOCABULARY);
    }

    @Override
    public NextTokenDimensions dimensions() {
        return dimensions;
    }

    @Override
    public int rows() {
        return cache.length;
    }

    @Override
    public FloatBuffer logits() {
        return logits;
    }

    @Override
    public void prefill(int row, Prefix prefix) {
        if (failingPrefills > 0) {
            failingPrefills--;
            throw new IllegalStateException("a prefill that fails");
        }
        Arrays.fill(cache[row], -7);
        for (int slot = 0; slot < prefix.length(); slot++) {
            cache[row][slot] = entry(prefix, slot);
        }
        leaveLogits(row, prefix.length());
    }

    private static long entry(Prefix prefix, int slot) {
        return switch (prefix) {
            case Prefix.Entries entries -> 1_000L + entries.first() + slot;
            case Prefix.Text text -> 100_000L + text.states().hashCode() + slot;
        };
    }

    @Override
    public void step(int rows, int[] tokens, int[] cells, int[] slots) {
        permits.acquireUninterruptibly();
        synchronized (this) {
            stepRows.add(rows);
        }
        if (outOfMemory) {
            throw new OutOfMemoryError("a step that takes the thread with it");
        }
        if (failingSteps > 0) {
            failingSteps--;
            throw new IllegalStateException("a step that fails");
        }
        for (int row = 0; row < rows; row++) {
            cache[row][slots[row]] = tokens[row] * 1_000L + cells[row];
            leaveLogits(row, slots[row] + 1);
        }
    }

    private void leaveLogits(int row, int visible) {
        long hash = 17;
        for (int slot = 0; slot < visible; slot++) {
            hash = hash * 0x9E3779B97F4A7C15L + cache[row][slot];
        }
        for (int token = 0; token < VOCABULARY; token++) {
            hash = hash * 0x9E3779B97F4A7C15L + token;
            float logit = ((hash >>> 40) & 0xFFFF) / 16384f;
            logits.put(row * VOCABULARY + token, notNumbers ? Float.NaN : logit);
        }
    }

    @Override
    public void copyRow(int from, int to, int slots) {
        Arrays.fill(cache[to], -7);
        System.arraycopy(cache[from], 0, cache[to], 0, slots);
    }

    synchronized List<Integer> stepRows() {
        return List.copyOf(stepRows);
    }

    @Override
    public void close() {
        closed = true;
    }
}
