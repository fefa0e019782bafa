package dev.tessera.importer;

import dev.tessera.importer.masked.ClipTokenizer;
import java.nio.file.Path;

/**
 * The folders of an aMUSEd checkpoint, as they are published, or of one of openMUSE: there {@code vae} is what was named
 * {@code vqvae} later, the tokenizer lies beside the text encoder, and the mask token is among the transformer's settings.
 */
final class AmusedSources {
    private final CheckpointFolder folder;

    AmusedSources(Path directory) {
        this.folder = new CheckpointFolder(directory);
    }

    Path transformer() {
        return folder.weights("transformer");
    }

    Path transformerSettings() {
        return folder.settings("transformer");
    }

    Path imageTokenizer() {
        return folder.weights(imageTokenizerFolder());
    }

    Path imageTokenizerSettings() {
        return folder.settings(imageTokenizerFolder());
    }

    private String imageTokenizerFolder() {
        return !folder.has("vqvae") && folder.has("vae") ? "vae" : "vqvae";
    }

    Path textEncoder() {
        return folder.weights("text_encoder");
    }

    Path textEncoderSettings() {
        return folder.settings("text_encoder");
    }

    Path scheduler() {
        return folder.has("scheduler") ? folder.file("scheduler/scheduler_config.json") : transformerSettings();
    }

    Path tokenizer() {
        return folder.file(folder.has("tokenizer") ? "tokenizer" : "text_encoder");
    }

    /** Every file but the weights, by the part it belongs to. */
    void noteSettings(OpenFiles files) {
        files.note("transformer", transformerSettings());
        files.note("vqvae", imageTokenizerSettings());
        files.note("text_encoder", textEncoderSettings());
        files.note("scheduler", scheduler());
        ClipTokenizer.files(tokenizer()).forEach(file -> files.note("tokenizer", file));
    }
}
