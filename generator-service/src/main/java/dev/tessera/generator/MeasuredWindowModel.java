package dev.tessera.generator;

import dev.tessera.generation.StepMeters;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.function.Supplier;

/** Measures how long runs take, and how many sequences share one. */
final class MeasuredWindowModel implements WindowModel {
    private final WindowModel model;
    private final MeterRegistry registry;
    private final StepMeters meters;

    MeasuredWindowModel(WindowModel model, String name, MeterRegistry registry) {
        this.model = model;
        this.registry = registry;
        this.meters = StepMeters.of(name, registry);
    }

    @Override
    public WindowDimensions dimensions() {
        return model.dimensions();
    }

    @Override
    public int rows() {
        return model.rows();
    }

    @Override
    public int readers() {
        return model.readers();
    }

    @Override
    public FloatBuffer run(int firstRow, List<SequencePart> parts, List<SequencePart> sequences) {
        return measured(parts.size() + sequences.size(), () -> model.run(firstRow, parts, sequences));
    }

    @Override
    public FloatBuffer readFirst(SequencePart sequence) {
        return measured(1, () -> model.readFirst(sequence));
    }

    @Override
    public FloatBuffer readOther(SequencePart rest) {
        return measured(1, () -> model.readOther(rest));
    }

    private FloatBuffer measured(int sequences, Supplier<FloatBuffer> run) {
        Timer.Sample sample = Timer.start(registry);
        FloatBuffer logits = run.get();
        sample.stop(meters.steps());
        meters.stepRows().record(sequences);
        return logits;
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
