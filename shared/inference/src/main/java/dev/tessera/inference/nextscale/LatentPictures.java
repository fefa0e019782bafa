package dev.tessera.inference.nextscale;

import static dev.tessera.inference.onnx.Dimension.fixed;
import static dev.tessera.inference.onnx.Dimension.free;

import dev.tessera.inference.CodeVectors;
import dev.tessera.inference.LatentPicture;
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
import java.util.stream.IntStream;

/**
 * The residual quantiser of a next-scale model: puts the tokens of one scale after the other, or blends of their code
 * vectors, into a latent picture [1, Z, P, P], which begins with zeros. Source: VAR, {@code models/quant.py}. Safe for
 * use by many threads, each with pictures of its own.
 */
public final class LatentPictures implements AutoCloseable {
    private static final Dimension ONE = fixed(1);
    private static final Dimension POSITIONS = free("positions");

    private final OnnxGraph codes;
    private final OnnxGraph residual;
    private final int codebook;
    private final int dimensions;
    private final int side;

    private LatentPictures(OnnxGraph codes, OnnxGraph residual, BundleManifest manifest) {
        this.codes = codes;
        this.residual = residual;
        this.codebook = manifest.codebook().size();
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
            refine(latent, scale, vectors(ids, scratch), scratch);
        }
    }

    /**
     * Puts a scale's vectors in.
     *
     * @param latent holds the coarser scales, and this one too afterwards
     * @param scale from 0
     * @param vectors [cells of the scale's grid in row-major order, Z]
     */
    public void refine(Tensor latent, int scale, float[] vectors) {
        try (var scratch = new TensorMemory()) {
            Tensor tensor = scratch.float32(1, vectors.length / dimensions, dimensions);
            tensor.floats().put(vectors);
            refine(latent, scale, tensor, scratch);
        }
    }

    private void refine(Tensor latent, int scale, Tensor vectors, TensorMemory scratch) {
        Tensor number = scratch.int64(1);
        number.longs().put(0, scale);
        Tensor refined = blank(scratch);
        residual.run(Map.of("vectors", vectors, "latent", latent, "scale", number), Map.of("refined", refined));
        latent.floats().put(refined.floats());
    }

    private Tensor vectors(int[] ids, TensorMemory memory) {
        Tensor tokens = memory.int64(1, ids.length);
        var values = tokens.longs();
        for (int id : ids) {
            values.put(id);
        }
        Tensor vectors = memory.float32(1, ids.length, dimensions);
        codes.run(Map.of("tokens", tokens), Map.of("vectors", vectors));
        return vectors;
    }

    /** All of the codebook. */
    public CodeVectors codeVectors() {
        try (var scratch = new TensorMemory()) {
            Tensor vectors = vectors(IntStream.range(0, codebook).toArray(), scratch);
            return new CodeVectors(dimensions, values(vectors));
        }
    }

    /** The picture that a tensor holds. */
    public LatentPicture read(Tensor latent) {
        return new LatentPicture(dimensions, side, values(latent));
    }

    private static float[] values(Tensor tensor) {
        float[] values = new float[tensor.elements()];
        tensor.floats().get(values);
        return values;
    }

    @Override
    public void close() {
        codes.close();
        residual.close();
    }
}
