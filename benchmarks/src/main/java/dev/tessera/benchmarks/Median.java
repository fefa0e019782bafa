package dev.tessera.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** What several timings of the same come to. */
final class Median {
    private Median() {}

    static double of(double[] values) {
        return DoubleStream.of(values).sorted().toArray()[values.length / 2];
    }

    static double of(JsonNode values) {
        return of(IntStream.range(0, values.size())
                .mapToDouble(i -> values.get(i).asDouble())
                .toArray());
    }

    static double of(Side<Double> side) {
        return side.median(Double::doubleValue);
    }

    /** Seconds of some repetitions, after one that warms up. */
    static double ofSeconds(int repetitions, Runnable run) {
        run.run();
        double[] seconds = new double[repetitions];
        for (int i = 0; i < repetitions; i++) {
            long begun = System.nanoTime();
            run.run();
            seconds[i] = (System.nanoTime() - begun) / 1e9;
        }
        return of(seconds);
    }
}
