package dev.tessera.importer.nextscale;

import dev.tessera.importer.checkpoint.StateDict;
import dev.tessera.importer.graph.Attribute;
import dev.tessera.importer.graph.ComputedWeights;
import dev.tessera.importer.graph.OnnxModel;
import java.util.ArrayList;
import java.util.List;

/**
 * The multi-scale residual quantiser, scale by scale: what is left of the latent picture is averaged down to the scale's
 * grid, each cell takes its nearest code, and what the codes say, brought back to the finest grid and through φ, is taken
 * off. Source: VAR, {@code models/quant.py}.
 */
final class ResidualTokens {
    private static final String KERNELS = "phi.kernels";
    private static final String BIASES = "phi.biases";
    private static final String CODES = "codes";
    private static final String TWICE_TRANSPOSED = "codes.columns";
    private static final String SQUARES = "codes.squares";

    private final OnnxModel graph;
    private final Scales scales;
    private final int dimensions;
    private final int phis;

    ResidualTokens(OnnxModel graph, VaeShape shape, Scales scales, StateDict weights) {
        this.graph = graph;
        this.scales = scales;
        this.dimensions = shape.dimensions();
        this.phis = constants(shape, weights);
    }

    private int constants(VaeShape shape, StateDict weights) {
        var phi = new Phi(weights, dimensions);
        long channels = dimensions;
        graph.table(
                KERNELS,
                List.of((long) phi.count(), channels, channels, (long) Phi.KERNEL, (long) Phi.KERNEL),
                phi.kernels());
        graph.table(BIASES, List.of((long) phi.count(), channels), phi.biases());
        float[] rows = new float[Math.multiplyExact(shape.codes(), dimensions)];
        weights.get(VaeShape.MARKER, shape.codes(), dimensions).weights().read(0, rows, rows.length);
        float[] columns = new float[rows.length];
        float[] squares = new float[shape.codes()];
        for (int i = 0; i < rows.length; i++) {
            columns[i % dimensions * shape.codes() + i / dimensions] = 2 * rows[i];
            squares[i / dimensions] += rows[i] * rows[i];
        }
        long codes = shape.codes();
        graph.table(CODES, List.of(codes, channels), new ComputedWeights(CODES, rows));
        graph.table(TWICE_TRANSPOSED, List.of(channels, codes), new ComputedWeights(TWICE_TRANSPOSED, columns));
        graph.table(SQUARES, List.of(codes), new ComputedWeights(SQUARES, squares));
        return phi.count();
    }

    /**
     * The value {@code tokens} int64 [1, L], of all scales from coarse to fine.
     *
     * @param latent [1, Z, P, P]
     */
    String of(String latent) {
        String rest = latent;
        List<String> tokens = new ArrayList<>();
        for (int scale = 0; scale < scales.count(); scale++) {
            String own = nearest(scale, rest);
            tokens.add(own);
            if (scale + 1 < scales.count()) {
                rest = graph.node("Sub", name(scale, "rest"), List.of(rest, said(scale, own)));
            }
        }
        return graph.node("Concat", "tokens", tokens, Attribute.of("axis", 1));
    }

    /** [1, p · p]: of each cell the code e with the largest 2 r·e − e·e, which is the nearest to r. */
    private String nearest(int scale, String rest) {
        String small = resized(scale, "small", rest, Resizing::area, scales.finest(), side(scale));
        String last = graph.node("Transpose", name(scale, "last"), List.of(small), Attribute.list("perm", 0, 2, 3, 1));
        String shape = graph.wholes(name(scale, "rows.shape"), 1, cells(scale), dimensions);
        String rows = graph.node("Reshape", name(scale, "rows"), List.of(last, shape));
        String products = graph.node("MatMul", name(scale, "products"), List.of(rows, TWICE_TRANSPOSED));
        String nearness = graph.node("Sub", name(scale, "nearness"), List.of(products, SQUARES));
        return graph.node(
                "ArgMax",
                name(scale, "tokens"),
                List.of(nearness),
                Attribute.of("axis", -1),
                Attribute.of("keepdims", 0));
    }

    /** [1, Z, P, P]: what the tokens say of the latent picture. */
    private String said(int scale, String tokens) {
        String vectors = graph.node("Gather", name(scale, "vectors"), List.of(CODES, tokens), Attribute.of("axis", 0));
        String columns =
                graph.node("Transpose", name(scale, "columns"), List.of(vectors), Attribute.list("perm", 0, 2, 1));
        String shape = graph.wholes(name(scale, "map.shape"), 1, dimensions, side(scale), side(scale));
        String map = graph.node("Reshape", name(scale, "map"), List.of(columns, shape));
        String grown = resized(scale, "grown", map, Resizing::bicubic, side(scale), scales.finest());
        String index =
                graph.wholes(name(scale, "phi"), List.of(), List.of((long) Phi.index(scale, scales.count(), phis)));
        String kernel = graph.node("Gather", name(scale, "kernel"), List.of(KERNELS, index), Attribute.of("axis", 0));
        String bias = graph.node("Gather", name(scale, "bias"), List.of(BIASES, index), Attribute.of("axis", 0));
        return graph.node(
                "Conv", name(scale, "said"), List.of(grown, kernel, bias), Attribute.list("pads", 1, 1, 1, 1));
    }

    private String resized(int scale, String what, String map, Way way, int from, int to) {
        if (from == to) {
            return map;
        }
        float[] left = way.matrix(from, to);
        float[] right = new float[left.length];
        for (int i = 0; i < left.length; i++) {
            right[i % from * to + i / from] = left[i];
        }
        String rows = name(scale, what + ".left");
        String columns = name(scale, what + ".right");
        graph.table(rows, List.of((long) to, (long) from), new ComputedWeights(rows, left));
        graph.table(columns, List.of((long) from, (long) to), new ComputedWeights(columns, right));
        String half = graph.node("MatMul", name(scale, what + ".half"), List.of(rows, map));
        return graph.node("MatMul", name(scale, what), List.of(half, columns));
    }

    private int side(int scale) {
        return scales.sides().get(scale);
    }

    private long cells(int scale) {
        return (long) side(scale) * side(scale);
    }

    private static String name(int scale, String what) {
        return "scale." + scale + "." + what;
    }

    /** Of a matrix [to, from] that resizes one axis. */
    @FunctionalInterface
    private interface Way {
        float[] matrix(int from, int to);
    }
}
