package dev.tessera.importer;

import dev.tessera.importer.masked.ClipTokenizer;
import java.nio.file.Path;

/** The folders of an aMUSEd checkpoint, as they are published. */
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
        return folder.weights("vqvae");
    }

    Path imageTokenizerSettings() {
        return folder.settings("vqvae");
    }

    Path textEncoder() {
        return folder.weights("text_encoder");
    }

    Path textEncoderSettings() {
        return folder.settings("text_encoder");
    }

    Path scheduler() {
        return folder.file("scheduler/scheduler_config.json");
    }

    Path tokenizer() {
        return folder.file("tokenizer");
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
