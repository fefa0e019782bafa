package dev.tessera.inference.bundle;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Folders that look like bundles of text models; their graphs are a few letters. */
final class TestBundles {
    private static final List<String> FILES = List.of(
            BundleFiles.TEXT_ENCODER,
            BundleFiles.TOKENIZER,
            BundleFiles.CAPTION,
            BundleFiles.EMBEDDING,
            BundleFiles.GENERATOR,
            BundleFiles.GENERATOR + ".data",
            BundleFiles.IMAGE_DECODER);

    private static final List<String> UPSCALED_FILES = List.of(
            BundleFiles.TEXT_ENCODER,
            BundleFiles.TOKENIZER,
            BundleFiles.MASKED_CONDITION,
            BundleFiles.MASKED_GENERATOR,
            BundleFiles.SUPERRES_CONDITION,
            BundleFiles.SUPERRES,
            BundleFiles.IMAGE_DECODER);

    private TestBundles() {}

    static BundleManifest manifest(String name) {
        return new BundleManifest(
                BundleManifest.FORMAT,
                name,
                Family.NEXT_TOKEN,
                "a model of letters: \"quoted\", with a colon",
                List.of("tokenizer", "generator", "decoder"),
                new TextConditioning(16, 32),
                new ImageSize(64, 64),
                new Grid(16, 16),
                new Codebook(1024, 8),
                new NextTokenTransformer(6, 8, 32, 256, 16),
                new Defaults(4, 1, 2000, 1),
                Map.of(),
                "Apache-2.0",
                new Provenance("tessera 0.1.0", Map.of("gpt.safetensors", "0".repeat(64))),
                Map.of());
    }

    /** Of 4 x 4 tokens, which become 8 x 8 of another codebook. */
    static BundleManifest upscaled(String name) {
        var unmasking = new UnmaskingDefaults(12, UnmaskingSchedule.COSINE, 0, GuidanceRise.LINEAR);
        return new BundleManifest(
                BundleManifest.FORMAT,
                name,
                Family.MASKED,
                "a model of letters in two stages",
                List.of("tokenizer", "generator", "superres", "decoder"),
                new TextConditioning(16, 32, 0, true, 0),
                new ImageSize(64, 64),
                new Grid(4, 4),
                new Codebook(1024, 8),
                new MaskedTransformer(List.of(48, 48), 0, 1024, unmasking),
                new Defaults(4, 1, 0, 1),
                Optional.of(new SuperResolution(
                        new ImageSize(32, 32),
                        new Grid(8, 8),
                        new Codebook(512, 4),
                        List.of(24),
                        512,
                        new UnmaskingDefaults(8, UnmaskingSchedule.COSINE, 0, GuidanceRise.LINEAR),
                        5,
                        4.5f)),
                Optional.empty(),
                Map.of(),
                "Apache-2.0",
                new Provenance("tessera 0.1.0", Map.of("model.safetensors", "0".repeat(64))),
                Map.of());
    }

    static ManifestFile write(Path directory, String name) throws IOException {
        return write(directory, FILES, manifest(name));
    }

    static ManifestFile writeUpscaled(Path directory, String name) throws IOException {
        return write(directory, UPSCALED_FILES, upscaled(name));
    }

    private static ManifestFile write(Path directory, List<String> files, BundleManifest manifest) throws IOException {
        Files.createDirectories(directory);
        for (String file : files) {
            Files.writeString(directory.resolve(file), "content of " + file);
        }
        return ManifestFile.seal(directory, manifest);
    }
}
