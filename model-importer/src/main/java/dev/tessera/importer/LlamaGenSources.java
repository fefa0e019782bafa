package dev.tessera.importer;

import dev.tessera.importer.ImportException.Reason;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The checkpoints a LlamaGen model is made of. */
public final class LlamaGenSources {
    private static final List<String> TEXT_WEIGHTS =
            List.of("model.safetensors", "model.safetensors.index.json", "pytorch_model.bin");

    private final Path gpt;
    private final Path vq;
    private final @Nullable Path text;

    private LlamaGenSources(Path gpt, Path vq, @Nullable Path text) {
        this.gpt = gpt;
        this.vq = vq;
        this.text = text;
    }

    /**
     * @param gpt the transformer: a PyTorch zip file, a safetensors file or a safetensors index
     * @param vq the image tokenizer, likewise
     */
    public static LlamaGenSources of(Path gpt, Path vq) {
        return new LlamaGenSources(gpt, vq, null);
    }

    /** @param directory a T5 encoder in the Hugging Face layout, with its {@code tokenizer.json} */
    public LlamaGenSources withTextEncoder(Path directory) {
        return new LlamaGenSources(gpt, vq, directory);
    }

    public Path gpt() {
        return gpt;
    }

    public Path vq() {
        return vq;
    }

    Optional<TextEncoderFiles> textEncoder() {
        return Optional.ofNullable(text).map(LlamaGenSources::textFiles);
    }

    private static TextEncoderFiles textFiles(Path directory) {
        Path weights = TEXT_WEIGHTS.stream()
                .map(directory::resolve)
                .filter(Files::isRegularFile)
                .findFirst()
                .orElseThrow(() -> new ImportException(
                        Reason.UNREADABLE_FILE, directory + " has none of the files " + TEXT_WEIGHTS));
        return new TextEncoderFiles(directory.resolve("config.json"), weights, directory.resolve("tokenizer.json"));
    }

    /** The files of a text encoder; the first and the last may not exist yet. */
    record TextEncoderFiles(Path config, Path weights, Path tokenizer) {}
}
