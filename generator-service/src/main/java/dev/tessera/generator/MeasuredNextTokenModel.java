package dev.tessera.generator;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.nio.FloatBuffer;

/** Measures how long prefills and steps take, and how many rows share a step. */
final class MeasuredNextTokenModel implements NextTokenModel {
    private final NextTokenModel model;
    private final MeterRegistry registry;
    private final Timer prefills;
    private final Timer steps;
    private final DistributionSummary stepRows;

    MeasuredNextTokenModel(NextTokenModel model, String name, MeterRegistry registry) {
        this.model = model;
        this.registry = registry;
        this.prefills = Timer.builder("tessera.generation.prefill")
                .description("Time to begin one row with what it is conditioned on")
                .tag("model", name)
                .register(registry);
        this.steps = Timer.builder("tessera.generation.step")
                .description(
                        "Time of one run of the network: all rows by one token, or some by one scale, without the draw")
                .tag("model", name)
                .register(registry);
        this.stepRows = DistributionSummary.builder("tessera.generation.step.rows")
                .description("Rows in flight that share a step: two for each guided image")
                .tag("model", name)
                .register(registry);
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
        sample.stop(prefills);
    }

    @Override
    public void step(int rows, int[] tokens, int[] cells, int[] slots) {
        Timer.Sample sample = Timer.start(registry);
        model.step(rows, tokens, cells, slots);
        sample.stop(steps);
        stepRows.record(rows);
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
