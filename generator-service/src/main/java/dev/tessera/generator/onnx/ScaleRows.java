package dev.tessera.generator.onnx;

import dev.tessera.inference.LatentPicture;
import dev.tessera.inference.bundle.NextScaleTransformer;
import dev.tessera.inference.onnx.Tensor;
import dev.tessera.inference.onnx.TensorMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What each row of a next-scale network is about: what its class does to the layers, the first scale's input, and the
 * latent picture. All of it but the picture is worked out once for each image, not once for each scale; for the case of
 * no class, once and for all.
 */
final class ScaleRows {
    private final NextScaleGraphs graphs;
    private final int noClass;
    private final Tensor modulations;
    private final Tensor embeddings;
    private final Tensor modulationOfNone;
    private final Tensor embeddingOfNone;
    private final List<Tensor> latents = new ArrayList<>();
    private final boolean[] accompanying;

    /** @param memory that owns the tensors */
    ScaleRows(NextScaleGraphs graphs, TensorMemory memory, NextScaleTransformer network, int noClass, int rows) {
        this.graphs = graphs;
        this.noClass = noClass;
        this.modulations = memory.float32(rows, NextScaleGraphs.modulations(network), network.width());
        this.embeddings = memory.float32(rows, 1, network.width());
        this.modulationOfNone = memory.float32(1, NextScaleGraphs.modulations(network), network.width());
        this.embeddingOfNone = memory.float32(1, 1, network.width());
        this.accompanying = new boolean[rows];
        for (int row = 0; row < rows; row++) {
            latents.add(graphs.latents().blank(memory));
        }
        condition(noClass, modulationOfNone, embeddingOfNone);
    }

    /** @param accompanies whether the row shares the picture of the row before it */
    void begin(int row, int classId, boolean accompanies) {
        accompanying[row] = accompanies;
        Tensor latent = latents.get(row);
        latent.floats().put(new float[latent.elements()]);
        try (var views = new TensorMemory()) {
            Tensor modulation = views.rows(modulations, row, row + 1L);
            Tensor embedding = views.rows(embeddings, row, row + 1L);
            if (classId == noClass) {
                modulation.floats().put(modulationOfNone.floats());
                embedding.floats().put(embeddingOfNone.floats());
            } else {
                condition(classId, modulation, embedding);
            }
        }
    }

    private void condition(int classId, Tensor modulation, Tensor embedding) {
        try (var scratch = new TensorMemory()) {
            Tensor number = scratch.int64(1);
            number.longs().put(0, classId);
            graphs.condition().run(Map.of("class", number), Map.of("modulation", modulation, "embedding", embedding));
        }
    }

    /** Puts a scale's tokens into the picture of a row. */
    void refine(int row, int scale, int[] tokens) {
        graphs.latents().refine(latents.get(row), scale, tokens);
    }

    /** Puts a scale's vectors into the picture of a row. */
    void refine(int row, int scale, float[] vectors) {
        graphs.latents().refine(latents.get(row), scale, vectors);
    }

    LatentPicture latent(int row) {
        return graphs.latents().read(latents.get(row));
    }

    /** [to - from, 6n + 2, C] */
    Tensor modulation(TensorMemory views, int from, int to) {
        return views.rows(modulations, from, to);
    }

    /** [to - from, tokens, C]: what the rows are fed at a scale. */
    Tensor input(TensorMemory memory, int scale, int from, int to, int tokens) {
        if (scale == 0) {
            return memory.rows(embeddings, from, to);
        }
        Tensor number = memory.int64(1);
        number.longs().put(0, scale);
        Tensor input = memory.float32(to - from, tokens, embeddings.shape()[2]);
        for (int row = from; row < to; row++) {
            Tensor own = memory.rows(input, row - from, row - from + 1L);
            if (accompanying[row]) {
                own.floats().put(memory.rows(input, row - from - 1L, row - from).floats());
            } else {
                graphs.scaleInput().run(Map.of("latent", latents.get(row), "scale", number), Map.of("embeddings", own));
            }
        }
        return input;
    }

    void copyRow(int from, int to) {
        accompanying[to] = accompanying[from];
        latents.get(to).floats().put(latents.get(from).floats());
        for (Tensor tensor : List.of(modulations, embeddings)) {
            int row = tensor.elements() / accompanying.length;
            tensor.floats().put(to * row, tensor.floats(), from * row, row);
        }
    }
}
