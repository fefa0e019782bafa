package dev.tessera.generator;

import dev.tessera.generation.StepMeters;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.nio.FloatBuffer;

/** Measures how long prefills and steps take, and how many rows share a step. */
final class MeasuredNextTokenModel implements NextTokenModel {
    private final NextTokenModel model;
    private final MeterRegistry registry;
    private final StepMeters meters;

    MeasuredNextTokenModel(NextTokenModel model, String name, MeterRegistry registry) {
        this.model = model;
        this.registry = registry;
        this.meters = StepMeters.of(name, registry);
    }

    @Override
    public NextTokenDimensions dimensions() {
        return model.dimensions();
    }

    @Override
    public int rows() {
        return model.rows();
    }

    @Override
    public FloatBuffer logits() {
        return model.logits();
    }

    @Override
    public void prefill(int row, Prefix prefix) {
        Timer.Sample sample = Timer.start(registry);
        model.prefill(row, prefix);
        sample.stop(meters.prefills());
    }

    @Override
    public void step(int rows, int[] tokens, int[] cells, int[] slots) {
        Timer.Sample sample = Timer.start(registry);
        model.step(rows, tokens, cells, slots);
        sample.stop(meters.steps());
        meters.stepRows().record(rows);
    }

    @Override
    public void copyRow(int from, int to, int slots) {
        model.copyRow(from, to, slots);
    }

    @Override
    public void close() {
        model.close();
    }
}
