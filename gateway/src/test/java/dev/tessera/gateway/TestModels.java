package dev.tessera.gateway;

import dev.tessera.inference.bundle.BundleFiles;
import dev.tessera.inference.bundle.BundleManifest;
import dev.tessera.inference.bundle.SuperResolution;
import dev.tessera.objectstore.ObjectStore;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A text model and a class model, of which only the manifests exist. */
final class TestModels {
    /** With an image encoder. */
    static final Model TEXT = new Model(
            manifest("tiny-text", new BundleManifest.TextConditioning(32, 64))
                    .withFiles(Map.of(BundleFiles.IMAGE_ENCODER, "0".repeat(64))),
            "d1");

    /** Without one. */
    static final Model CLASS = new Model(manifest("tiny-class", new BundleManifest.ClassConditioning(10)), "d2");

    static final Model NEXT_SCALE = nextScale();
    static final Model MASKED = masked();

    /** Base grids of 4 x 4 tokens and 64 x 64 pixels, which become 8 x 8 tokens and 128 x 128 pixels; with an image encoder. */
    static final Model UPSCALED = upscaled();

    static final Model WINDOWED = windowed("tiny-windows", new BundleManifest.ClassConditioning(10), 1);
    static final Model UNCONDITIONAL = windowed("tiny-anything", new BundleManifest.NoConditioning(), 1);
    static final Model MAPPED =
            mapped("tiny-maps", new BundleManifest.MapConditioning(BundleManifest.MapKind.DEPTH, 1, 16));

    /** With no image stored yet. */
    static final EditFields EDITS = edits(new MemoryObjectStore());

    private TestModels() {}

    /** Where stored images are those of the bucket. */
    static EditFields edits(ObjectStore bucket) {
        Clock clock = Clock.systemUTC();
        var views = new JobViews(name -> 0, new JobViews.Retention(Duration.ofHours(1), 10), clock);
        var archive = new JobArchive(bucket);
        var finder = new JobFinder(views, archive, clock, Duration.ZERO);
        return new EditFields(new StoredImages(finder, archive), 100_000);
    }

    private static Model nextScale() {
        BundleManifest manifest = new BundleManifest(
                BundleManifest.FORMAT,
                "tiny-scales",
                BundleManifest.Family.NEXT_SCALE,
                "A model for tests",
                List.of("tokenizer", "generator", "decoder"),
                new BundleManifest.ClassConditioning(10),
                new BundleManifest.ImageSize(64, 64),
                new BundleManifest.Grid(4, 4),
                new BundleManifest.Codebook(1024, 8),
                new BundleManifest.NextScaleTransformer(1, 1, 8, 8, List.of(1, 2, 4)),
                new BundleManifest.Defaults(4, 1, 900, 0.95f),
                Map.of(),
                "MIT",
                new BundleManifest.Provenance("test", Map.of()),
                Map.of());
        return new Model(manifest, "d3");
    }

    private static Model masked() {
        BundleManifest manifest = new BundleManifest(
                BundleManifest.FORMAT,
                "tiny-masked",
                BundleManifest.Family.MASKED,
                "A model for tests",
                List.of("tokenizer", "generator", "decoder"),
                new BundleManifest.TextConditioning(77, 8, 4, true, 0),
                new BundleManifest.ImageSize(64, 64),
                new BundleManifest.Grid(4, 4),
                new BundleManifest.Codebook(1024, 8),
                new BundleManifest.MaskedTransformer(
                        List.of(8),
                        16,
                        1031,
                        new BundleManifest.Unmasking(
                                12, BundleManifest.UnmaskingSchedule.COSINE, 0, BundleManifest.GuidanceRise.CONSTANT)),
                new BundleManifest.Defaults(10, 2, 0, 1),
                Map.of(),
                "MIT",
                new BundleManifest.Provenance("test", Map.of()),
                Map.of());
        return new Model(manifest, "d4");
    }

    private static Model upscaled() {
        var unmasking = new BundleManifest.Unmasking(
                12, BundleManifest.UnmaskingSchedule.COSINE, 0, BundleManifest.GuidanceRise.CONSTANT);
        BundleManifest manifest = new BundleManifest(
                BundleManifest.FORMAT,
                "tiny-upscaled",
                BundleManifest.Family.MASKED,
                "A model for tests",
                List.of("tokenizer", "generator", "superres", "decoder"),
                new BundleManifest.TextConditioning(16, 8, 0, true, 0),
                new BundleManifest.ImageSize(128, 128),
                new BundleManifest.Grid(4, 4),
                new BundleManifest.Codebook(1024, 8),
                new BundleManifest.MaskedTransformer(List.of(8), 0, 1024, unmasking),
                new BundleManifest.Defaults(4, 2, 0, 1),
                Optional.of(new SuperResolution(
                        new BundleManifest.ImageSize(64, 64),
                        new BundleManifest.Grid(8, 8),
                        new BundleManifest.Codebook(512, 8),
                        List.of(8),
                        512,
                        new BundleManifest.Unmasking(
                                8, BundleManifest.UnmaskingSchedule.COSINE, 0, BundleManifest.GuidanceRise.CONSTANT),
                        3,
                        1)),
                Map.of(
                        "generator", new BundleManifest.StageCost(0, 0.001),
                        "superres", new BundleManifest.StageCost(0, 0.001),
                        "decoder", new BundleManifest.StageCost(0, 0.001)),
                "MIT",
                new BundleManifest.Provenance("test", Map.of()),
                Map.of(BundleFiles.IMAGE_ENCODER, "0".repeat(64)));
        return new Model(manifest, "d5");
    }

    static Model mapped(String name, BundleManifest.MapConditioning conditioning) {
        return windowed(name, conditioning, 16);
    }

    /** Of windows of 4 x 4 tokens, 16 pixels each; at most 48 tokens. */
    private static Model windowed(String name, BundleManifest.Conditioning conditioning, int prefix) {
        BundleManifest manifest = new BundleManifest(
                BundleManifest.FORMAT,
                name,
                BundleManifest.Family.WINDOWED,
                "A model for tests",
                List.of("tokenizer", "generator", "decoder"),
                conditioning,
                new BundleManifest.ImageSize(64, 64),
                new BundleManifest.Grid(4, 4),
                new BundleManifest.Codebook(1024, 8),
                new BundleManifest.WindowedTransformer(1, 1, 8, 8, prefix, 4, 48),
                new BundleManifest.Defaults(1, 1, 100, 1),
                Map.of("generator", new BundleManifest.StageCost(0.5, 0.125)),
                "MIT",
                new BundleManifest.Provenance("test", Map.of()),
                Map.of(BundleFiles.IMAGE_ENCODER, "0".repeat(64)));
        return new Model(manifest, "d4");
    }

    static Models both() {
        return new Models(List.of(TEXT, CLASS), Optional.of("tiny-text"));
    }

    static BundleManifest manifest(String name, BundleManifest.Conditioning conditioning) {
        return new BundleManifest(
                BundleManifest.FORMAT,
                name,
                BundleManifest.Family.NEXT_TOKEN,
                "A model for tests",
                List.of("tokenizer", "generator", "decoder"),
                conditioning,
                new BundleManifest.ImageSize(64, 48),
                new BundleManifest.Grid(3, 4),
                new BundleManifest.Codebook(1024, 8),
                new BundleManifest.NextTokenTransformer(1, 1, 8, 8, 1),
                new BundleManifest.Defaults(3.5f, 0.9f, 100, 0.95f),
                Map.of("generator", new BundleManifest.StageCost(0.5, 0.125)),
                "Apache-2.0",
                new BundleManifest.Provenance("test", Map.of()),
                Map.of());
    }
}
