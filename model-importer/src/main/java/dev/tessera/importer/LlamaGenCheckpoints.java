package dev.tessera.importer;

import dev.tessera.importer.checkpoint.Checkpoint;
import dev.tessera.importer.checkpoint.StateDict;
import dev.tessera.importer.llamagen.GptShape;
import dev.tessera.importer.llamagen.T5Config;
import dev.tessera.importer.llamagen.TextEncoderGraph;
import dev.tessera.importer.llamagen.VqShape;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The open checkpoints of one import; closing them unmaps all tensors. */
final class LlamaGenCheckpoints implements AutoCloseable {
    /** Where a training script may have put the weights, after the top level. */
    private static final List<String> KEYS = List.of("model", "module", "state_dict");

    /** The published tools prefer a tokenizer's averaged weights. */
    private static final List<String> VQ_KEYS = List.of("ema", "model", "module", "state_dict");

    private final OpenFiles files;
    private final StateDict gpt;
    private final StateDict vq;
    private final Optional<TextEncoder> textEncoder;

    private LlamaGenCheckpoints(OpenFiles files, LlamaGenSources sources) {
        this.files = files;
        this.gpt = files.open("gpt", sources.gpt()).stateDict(GptShape.MARKER, KEYS);
        this.vq = files.open("vq", sources.vq()).stateDict(VqShape.MARKER, VQ_KEYS);
        this.textEncoder = sources.textEncoder().map(text -> textEncoder(files, text));
    }

    static LlamaGenCheckpoints open(LlamaGenSources sources) {
        var files = new OpenFiles();
        try {
            return new LlamaGenCheckpoints(files, sources);
        } catch (RuntimeException e) {
            files.close();
            throw e;
        }
    }

    private static TextEncoder textEncoder(OpenFiles files, LlamaGenSources.TextEncoderFiles text) {
        Checkpoint checkpoint = files.open("t5", text.weights());
        files.note("t5", text.config());
        files.note("t5", text.tokenizer());
        StateDict weights = checkpoint.stateDict(TextEncoderGraph.MARKER, KEYS);
        return new TextEncoder(T5Config.read(text.config()), weights, text.tokenizer());
    }

    StateDict gpt() {
        return gpt;
    }

    StateDict vq() {
        return vq;
    }

    Optional<TextEncoder> textEncoder() {
        return textEncoder;
    }

    /** Every file that the import reads, with its SHA-256 in hex. Reads them all. */
    Map<String, String> digests() {
        return files.digests();
    }

    @Override
    public void close() {
        files.close();
    }

    /** @param tokenizer the file, not yet looked at */
    record TextEncoder(T5Config config, StateDict weights, Path tokenizer) {}
}
