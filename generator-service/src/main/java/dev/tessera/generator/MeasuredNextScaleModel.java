package dev.tessera.generator;

import dev.tessera.generation.StepMeters;
import dev.tessera.inference.CodeVectors;
import dev.tessera.inference.LatentPicture;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.FloatBuffer;
import java.util.concurrent.TimeUnit;

/** Measures how long conditions and scales take, and how many rows share a scale. */
final class MeasuredNextScaleModel implements NextScaleModel {
    private final NextScaleModel model;
    private final StepMeters meters;

    MeasuredNextScaleModel(NextScaleModel model, String name, MeterRegistry registry) {
        this.model = model;
        this.meters = StepMeters.of(name, registry);
    }

    @Override
    public NextScaleDimensions dimensions() {
        return model.dimensions();
    }

    @Override
    public CodeVectors codes() {
        return model.codes();
    }

    @Override
    public int rows() {
        return model.rows();
    }

    @Override
    public void begin(int row, int classId) {
        meters.prefills().record(() -> model.begin(row, classId));
    }

    @Override
    public void accompany(int row, int classId) {
        meters.prefills().record(() -> model.accompany(row, classId));
    }

    @Override
    public FloatBuffer advance(int scale, int from, int to) {
        meters.stepRows().record(to - from);
        long begun = System.nanoTime();
        FloatBuffer logits = model.advance(scale, from, to);
        meters.steps().record(System.nanoTime() - begun, TimeUnit.NANOSECONDS);
        return logits;
    }

    @Override
    public void refine(int row, int scale, int[] tokens) {
        model.refine(row, scale, tokens);
    }

    @Override
    public void refine(int row, int scale, float[] vectors) {
        model.refine(row, scale, vectors);
    }

    @Override
    public LatentPicture latent(int row) {
        return model.latent(row);
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
