package dev.tessera.inference.nextscale;

import static dev.tessera.inference.onnx.Dimension.fixed;
import static dev.tessera.inference.onnx.Dimension.free;

import dev.tessera.inference.bundle.BundleFiles;
import dev.tessera.inference.bundle.BundleManifest;
import dev.tessera.inference.bundle.ModelBundle;
import dev.tessera.inference.onnx.Dimension;
import dev.tessera.inference.onnx.GraphOptions;
import dev.tessera.inference.onnx.GraphSignature;
import dev.tessera.inference.onnx.OnnxGraph;
import dev.tessera.inference.onnx.Port;
import dev.tessera.inference.onnx.Tensor;
import dev.tessera.inference.onnx.TensorMemory;
import java.util.List;
import java.util.Map;

/**
 * The residual quantiser of a next-scale model: puts the tokens of one scale after the other into a latent picture
 * [1, Z, P, P], which begins with zeros. Source: VAR, {@code models/quant.py}. Safe for use by many threads, each with
 * pictures of its own.
 */
public final class LatentPictures implements AutoCloseable {
    private static final Dimension ONE = fixed(1);
    private static final Dimension POSITIONS = free("positions");

    private final OnnxGraph codes;
    private final OnnxGraph residual;
    private final int dimensions;
    private final int side;

    private LatentPictures(OnnxGraph codes, OnnxGraph residual, BundleManifest manifest) {
        this.codes = codes;
        this.residual = residual;
        this.dimensions = manifest.codebook().dimensions();
        this.side = manifest.grid().rows();
    }

    /** @throws dev.tessera.inference.onnx.OnnxException when a graph is not what the manifest says */
    public static LatentPictures open(ModelBundle bundle, GraphOptions options) {
        BundleManifest manifest = bundle.manifest();
        Port vectors = Port.float32(
                "vectors", ONE, POSITIONS, fixed(manifest.codebook().dimensions()));
        OnnxGraph codes = OnnxGraph.open(
                bundle.file(BundleFiles.CODES),
                new GraphSignature(List.of(Port.int64("tokens", ONE, POSITIONS)), List.of(vectors)),
                options);
        OnnxGraph residual = OnnxGraph.open(
                bundle.file(BundleFiles.RESIDUAL),
                new GraphSignature(
                        List.of(vectors, port("latent", manifest), Port.int64("scale", ONE)),
                        List.of(port("refined", manifest))),
                options);
        return new LatentPictures(codes, residual, manifest);
    }

    /** A latent picture as a graph's input or output. */
    public static Port port(String name, BundleManifest manifest) {
        Dimension side = fixed(manifest.grid().rows());
        return Port.float32(name, ONE, fixed(manifest.codebook().dimensions()), side, side);
    }

    /** A picture of nothing yet. */
    public Tensor blank(TensorMemory memory) {
        return memory.float32(1, dimensions, side, side);
    }

    /**
     * Puts a scale's tokens in.
     *
     * @param latent holds the coarser scales, and this one too afterwards
     * @param scale from 0
     * @param ids of the scale's grid in row-major order
     */
    public void refine(Tensor latent, int scale, int[] ids) {
        try (var scratch = new TensorMemory()) {
            Tensor tokens = scratch.int64(1, ids.length);
            var values = tokens.longs();
            for (int id : ids) {
                values.put(id);
            }
            Tensor number = scratch.int64(1);
            number.longs().put(0, scale);
            Tensor vectors = scratch.float32(1, ids.length, dimensions);
            Tensor refined = blank(scratch);
            codes.run(Map.of("tokens", tokens), Map.of("vectors", vectors));
            residual.run(Map.of("vectors", vectors, "latent", latent, "scale", number), Map.of("refined", refined));
            latent.floats().put(refined.floats());
        }
    }

    @Override
    public void close() {
        codes.close();
        residual.close();
    }
}
