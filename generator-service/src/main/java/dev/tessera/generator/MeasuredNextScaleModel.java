package dev.tessera.generator;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.nio.FloatBuffer;
import java.util.concurrent.TimeUnit;

/** Measures how long conditions and scales take, and how many rows share a scale. */
final class MeasuredNextScaleModel implements NextScaleModel {
    private final NextScaleModel model;
    private final Timer prefills;
    private final Timer steps;
    private final DistributionSummary stepRows;

    MeasuredNextScaleModel(NextScaleModel model, String name, MeterRegistry registry) {
        this.model = model;
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
    public NextScaleDimensions dimensions() {
        return model.dimensions();
    }

    @Override
    public int rows() {
        return model.rows();
    }

    @Override
    public void begin(int row, int classId) {
        prefills.record(() -> model.begin(row, classId));
    }

    @Override
    public void accompany(int row, int classId) {
        prefills.record(() -> model.accompany(row, classId));
    }

    @Override
    public FloatBuffer advance(int scale, int from, int to) {
        stepRows.record(to - from);
        long begun = System.nanoTime();
        FloatBuffer logits = model.advance(scale, from, to);
        steps.record(System.nanoTime() - begun, TimeUnit.NANOSECONDS);
        return logits;
    }

    @Override
    public void refine(int row, int scale, int[] tokens) {
        model.refine(row, scale, tokens);
    }

    @Override
    public void copyRow(int from, int to, int scale) {
        model.copyRow(from, to, scale);
    }

    @Override
    public void close() {
        model.close();
    }
}
