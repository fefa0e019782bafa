package dev.tessera.gateway;

import dev.tessera.inference.bundle.BundleFiles;
import dev.tessera.inference.bundle.BundleManifest;
import dev.tessera.inference.bundle.ClassConditioning;
import dev.tessera.inference.bundle.Codebook;
import dev.tessera.inference.bundle.Conditioning;
import dev.tessera.inference.bundle.Defaults;
import dev.tessera.inference.bundle.Family;
import dev.tessera.inference.bundle.Grid;
import dev.tessera.inference.bundle.GuidanceRise;
import dev.tessera.inference.bundle.ImageSize;
import dev.tessera.inference.bundle.MapConditioning;
import dev.tessera.inference.bundle.MapKind;
import dev.tessera.inference.bundle.MaskedTransformer;
import dev.tessera.inference.bundle.NextScaleTransformer;
import dev.tessera.inference.bundle.NextTokenTransformer;
import dev.tessera.inference.bundle.NoConditioning;
import dev.tessera.inference.bundle.Provenance;
import dev.tessera.inference.bundle.StageCost;
import dev.tessera.inference.bundle.SuperResolution;
import dev.tessera.inference.bundle.TextConditioning;
import dev.tessera.inference.bundle.UnmaskingDefaults;
import dev.tessera.inference.bundle.UnmaskingSchedule;
import dev.tessera.inference.bundle.WindowedTransformer;
import dev.tessera.objectstore.MemoryObjectStore;
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
            manifest("tiny-text", new TextConditioning(32, 64))
                    .withFiles(Map.of(BundleFiles.IMAGE_ENCODER, "0".repeat(64))),
            "d1");

    /** Without one. */
    static final Model CLASS = new Model(manifest("tiny-class", new ClassConditioning(10)), "d2");

    static final Model NEXT_SCALE = nextScale();
    static final Model MASKED = masked();

    /** Base grids of 4 x 4 tokens and 64 x 64 pixels, which become 8 x 8 tokens and 128 x 128 pixels; with an image encoder. */
    static final Model UPSCALED = upscaled();

    static final Model WINDOWED = windowed("tiny-windows", new ClassConditioning(10), 1);
    static final Model UNCONDITIONAL = windowed("tiny-anything", new NoConditioning(), 1);
    static final Model MAPPED = mapped("tiny-maps", new MapConditioning(MapKind.DEPTH, 1, 16));

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
                Family.NEXT_SCALE,
                "A model for tests",
                List.of("tokenizer", "generator", "decoder"),
                new ClassConditioning(10),
                new ImageSize(64, 64),
                new Grid(4, 4),
                new Codebook(1024, 8),
                new NextScaleTransformer(1, 1, 8, 8, List.of(1, 2, 4)),
                new Defaults(4, 1, 900, 0.95f),
                Map.of(),
                "MIT",
                new Provenance("test", Map.of()),
                Map.of());
        return new Model(manifest, "d3");
    }

    private static Model masked() {
        BundleManifest manifest = new BundleManifest(
                BundleManifest.FORMAT,
                "tiny-masked",
                Family.MASKED,
                "A model for tests",
                List.of("tokenizer", "generator", "decoder"),
                new TextConditioning(77, 8, 4, true, 0),
                new ImageSize(64, 64),
                new Grid(4, 4),
                new Codebook(1024, 8),
                new MaskedTransformer(
                        List.of(8),
                        16,
                        1031,
                        new UnmaskingDefaults(12, UnmaskingSchedule.COSINE, 0, GuidanceRise.CONSTANT)),
                new Defaults(10, 2, 0, 1),
                Map.of(),
                "MIT",
                new Provenance("test", Map.of()),
                Map.of());
        return new Model(manifest, "d4");
    }

    private static Model upscaled() {
        var unmasking = new UnmaskingDefaults(12, UnmaskingSchedule.COSINE, 0, GuidanceRise.CONSTANT);
        BundleManifest manifest = new BundleManifest(
                BundleManifest.FORMAT,
                "tiny-upscaled",
                Family.MASKED,
                "A model for tests",
                List.of("tokenizer", "generator", "superres", "decoder"),
                new TextConditioning(16, 8, 0, true, 0),
                new ImageSize(128, 128),
                new Grid(4, 4),
                new Codebook(1024, 8),
                new MaskedTransformer(List.of(8), 0, 1024, unmasking),
                new Defaults(4, 2, 0, 1),
                Optional.of(new SuperResolution(
                        new ImageSize(64, 64),
                        new Grid(8, 8),
                        new Codebook(512, 8),
                        List.of(8),
                        512,
                        new UnmaskingDefaults(8, UnmaskingSchedule.COSINE, 0, GuidanceRise.CONSTANT),
                        3,
                        1)),
                Optional.empty(),
                Map.of(
                        "generator", new StageCost(0, 0.001),
                        "superres", new StageCost(0, 0.001),
                        "decoder", new StageCost(0, 0.001)),
                "MIT",
                new Provenance("test", Map.of()),
                Map.of(BundleFiles.IMAGE_ENCODER, "0".repeat(64)));
        return new Model(manifest, "d5");
    }

    static Model mapped(String name, MapConditioning conditioning) {
        return windowed(name, conditioning, 16);
    }

    /** Of windows of 4 x 4 tokens, 16 pixels each; at most 48 tokens. */
    private static Model windowed(String name, Conditioning conditioning, int prefix) {
        BundleManifest manifest = new BundleManifest(
                BundleManifest.FORMAT,
                name,
                Family.WINDOWED,
                "A model for tests",
                List.of("tokenizer", "generator", "decoder"),
                conditioning,
                new ImageSize(64, 64),
                new Grid(4, 4),
                new Codebook(1024, 8),
                new WindowedTransformer(1, 1, 8, 8, prefix, 4, 48),
                new Defaults(1, 1, 100, 1),
                Map.of("generator", new StageCost(0.5, 0.125)),
                "MIT",
                new Provenance("test", Map.of()),
                Map.of(BundleFiles.IMAGE_ENCODER, "0".repeat(64)));
        return new Model(manifest, "d4");
    }

    static Models both() {
        return new Models(List.of(TEXT, CLASS), Optional.of("tiny-text"));
    }

    static BundleManifest manifest(String name, Conditioning conditioning) {
        return new BundleManifest(
                BundleManifest.FORMAT,
                name,
                Family.NEXT_TOKEN,
                "A model for tests",
                List.of("tokenizer", "generator", "decoder"),
                conditioning,
                new ImageSize(64, 48),
                new Grid(3, 4),
                new Codebook(1024, 8),
                new NextTokenTransformer(1, 1, 8, 8, 1),
                new Defaults(3.5f, 0.9f, 100, 0.95f),
                Map.of("generator", new StageCost(0.5, 0.125)),
                "Apache-2.0",
                new Provenance("test", Map.of()),
                Map.of());
    }
}
