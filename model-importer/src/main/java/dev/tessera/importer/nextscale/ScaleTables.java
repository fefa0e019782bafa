package dev.tessera.importer.nextscale;

import dev.tessera.importer.graph.Attribute;
import dev.tessera.importer.graph.OnnxModel;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/** Constants of which a graph takes the part of the scale that its input {@code scale} names. */
final class ScaleTables {
    private final OnnxModel graph;
    private final Scales scales;

    ScaleTables(OnnxModel graph, Scales scales) {
        this.graph = graph;
        this.scales = scales;
    }

    /** A whole number of the scale, [1]. */
    String number(String name, IntUnaryOperator ofScale) {
        long[] values = IntStream.range(0, scales.count())
                .mapToLong(ofScale::applyAsInt)
                .toArray();
        String table = graph.wholes(name + ".table", values);
        return graph.node("Gather", name, List.of(table, "scale"), Attribute.of("axis", 0));
    }

    /** The scale's share of an axis on which the shares of all scales lie one after the other. */
    String share(String name, String table, int axis, IntUnaryOperator firstOfScale) {
        String begin = number(name + ".begin", firstOfScale);
        String end = number(name + ".end", scale -> firstOfScale.applyAsInt(scale + 1));
        return graph.node("Slice", name, List.of(table, begin, end, graph.wholes(name + ".axis", axis)));
    }
}
