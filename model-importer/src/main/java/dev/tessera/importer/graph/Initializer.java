package dev.tessera.importer.graph;

import dev.tessera.importer.checkpoint.Weights;
import java.util.List;

/** A constant of a graph. */
sealed interface Initializer {
    String name();

    List<Long> shape();

    DataType type();

    /** Small whole numbers, such as shapes and axes, which live in the graph itself. */
    record Wholes(String name, List<Long> shape, List<Long> values) implements Initializer {
        @Override
        public DataType type() {
            return DataType.INT64;
        }
    }

    /** Weights: those of all parts, one after the other. */
    record Parameters(String name, List<Long> shape, DataType type, List<Weights> parts) implements Initializer {
        public Parameters {
            shape = List.copyOf(shape);
            parts = List.copyOf(parts);
            long elements = parts.stream().mapToLong(Weights::elements).sum();
            if (elements != shape.stream().reduce(1L, Math::multiplyExact)) {
                throw new IllegalArgumentException(name + ": " + elements + " weights do not fill the shape " + shape);
            }
        }

        long elements() {
            return shape.stream().reduce(1L, Math::multiplyExact);
        }
    }
}
