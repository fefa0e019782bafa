package dev.tessera.importer;

import dev.tessera.importer.LlamaGenCheckpoints.TextEncoder;
import dev.tessera.importer.graph.Arithmetic;
import dev.tessera.importer.graph.OnnxFile;
import dev.tessera.importer.graph.OnnxModel;
import dev.tessera.importer.graph.WeightStorage;
import dev.tessera.importer.llamagen.CaptionProjection;
import dev.tessera.importer.llamagen.EmbeddingGraph;
import dev.tessera.importer.llamagen.GeneratorGraph;
import dev.tessera.importer.llamagen.ImageDecoderGraph;
import dev.tessera.importer.llamagen.ImageEncoderGraph;
import dev.tessera.importer.llamagen.TextEncoderGraph;
import dev.tessera.importer.llamagen.TokenizerFile;
import dev.tessera.inference.bundle.BundleFiles;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** Writes the files of a LlamaGen bundle, one graph after the other. */
final class LlamaGenFiles {
    private final LlamaGenCheckpoints checkpoints;
    private final LlamaGenModel model;
    private final WeightStorage storage;
    private final Arithmetic arithmetic;

    LlamaGenFiles(LlamaGenCheckpoints checkpoints, LlamaGenModel model, BundleOptions options) {
        this.checkpoints = checkpoints;
        this.model = model;
        this.storage = options.storage();
        this.arithmetic = options.arithmetic();
    }

    void write(Path directory, ImportProgress progress) {
        Map<String, Supplier<OnnxModel>> graphs = graphs();
        int done = 0;
        for (var graph : graphs.entrySet()) {
            progress.begins(graph.getKey(), done++, graphs.size());
            OnnxFile.write(graph.getValue().get(), directory.resolve(graph.getKey()));
        }
        checkpoints.textEncoder().ifPresent(text -> tokenizer(text).copyTo(directory.resolve(BundleFiles.TOKENIZER)));
    }

    /** Cheap and likely to fail first, the largest last. */
    private Map<String, Supplier<OnnxModel>> graphs() {
        var gpt = checkpoints.gpt();
        var vq = checkpoints.vq();
        int side = model.gridSide();
        int pixels = model.resolution();
        Map<String, Supplier<OnnxModel>> graphs = new LinkedHashMap<>();
        graphs.put(BundleFiles.IMAGE_DECODER, () -> ImageDecoderGraph.of(model.vq(), vq, side, side, storage));
        graphs.put(BundleFiles.IMAGE_ENCODER, () -> ImageEncoderGraph.of(model.vq(), vq, pixels, pixels, storage));
        checkpoints.textEncoder().ifPresent(text -> {
            graphs.put(BundleFiles.TEXT_ENCODER, () -> textEncoder(text));
            graphs.put(BundleFiles.CAPTION, () -> CaptionProjection.graph(model.gpt(), gpt, storage));
        });
        graphs.put(BundleFiles.EMBEDDING, () -> EmbeddingGraph.of(model.gpt(), gpt, storage));
        graphs.put(
                BundleFiles.GENERATOR,
                () -> GeneratorGraph.of(
                        model.gpt(), gpt, new GeneratorGraph.Form(side, model.halfAttention()), storage, arithmetic));
        return graphs;
    }

    private OnnxModel textEncoder(TextEncoder text) {
        return TextEncoderGraph.of(text.config(), text.weights(), model.gpt().prefix(), storage);
    }

    private static TokenizerFile tokenizer(TextEncoder text) {
        return TokenizerFile.read(text.tokenizer(), TextEncoderGraph.vocabulary(text.config(), text.weights()));
    }
}
