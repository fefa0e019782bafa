package dev.tessera.generation.masked;

import dev.tessera.generation.Condition;
import dev.tessera.generation.StepMeters;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.FloatBuffer;
import java.util.concurrent.TimeUnit;

/** Measures how long conditions and steps take, and how many rows share a step. */
public final class MeasuredMaskedModel implements MaskedModel {
    private final MaskedModel model;
    private final StepMeters meters;

    public MeasuredMaskedModel(MaskedModel model, String name, MeterRegistry registry) {
        this.model = model;
        this.meters = StepMeters.of(name, registry);
    }

    @Override
    public MaskedDimensions dimensions() {
        return model.dimensions();
    }

    @Override
    public int rows() {
        return model.rows();
    }

    @Override
    public void begin(int row, Condition.Textual condition) {
        meters.prefills().record(() -> model.begin(row, condition));
    }

    @Override
    public FloatBuffer advance(int[] tokens, int[] wanted) {
        meters.stepRows().record(tokens.length / (double) dimensions().cells());
        long begun = System.nanoTime();
        FloatBuffer logits = model.advance(tokens, wanted);
        meters.steps().record(System.nanoTime() - begun, TimeUnit.NANOSECONDS);
        return logits;
    }

    @Override
    public void copyRow(int from, int to) {
        model.copyRow(from, to);
    }

    @Override
    public void close() {
        model.close();
    }
}
