package dev.tessera.tokenizer;

import dev.tessera.inference.bundle.BundleManifest;
import dev.tessera.inference.bundle.ClassConditioning;
import dev.tessera.inference.bundle.Codebook;
import dev.tessera.inference.bundle.Conditioning;
import dev.tessera.inference.bundle.Defaults;
import dev.tessera.inference.bundle.Family;
import dev.tessera.inference.bundle.Generator;
import dev.tessera.inference.bundle.Grid;
import dev.tessera.inference.bundle.GuidanceRise;
import dev.tessera.inference.bundle.ImageSize;
import dev.tessera.inference.bundle.MaskedTransformer;
import dev.tessera.inference.bundle.NextTokenTransformer;
import dev.tessera.inference.bundle.Provenance;
import dev.tessera.inference.bundle.SuperResolution;
import dev.tessera.inference.bundle.TextConditioning;
import dev.tessera.inference.bundle.UnmaskingDefaults;
import dev.tessera.inference.bundle.UnmaskingSchedule;
import dev.tessera.inference.bundle.WindowedTransformer;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Models of which only the manifests exist; each token stands for two by two pixels. */
final class Manifests {
    private static final Codebook CODES = new Codebook(256, 4);

    private Manifests() {}

    /** Of pictures 4 wide and 2 high. */
    static BundleManifest plain() {
        return manifest(
                Family.NEXT_TOKEN,
                new TextConditioning(8, 1),
                new ImageSize(4, 2),
                new Grid(1, 2),
                new NextTokenTransformer(1, 1, 8, 8, 1),
                Optional.empty());
    }

    /** Of base grids as the plain one's, and pictures twice as large. */
    static BundleManifest withSuperResolution() {
        var unmasking = new UnmaskingDefaults(2, UnmaskingSchedule.COSINE, 0, GuidanceRise.CONSTANT);
        return manifest(
                Family.MASKED,
                new TextConditioning(8, 1, 0, true, 0),
                new ImageSize(8, 4),
                new Grid(1, 2),
                new MaskedTransformer(List.of(8), 0, 256, unmasking),
                Optional.of(new SuperResolution(
                        new ImageSize(4, 2), new Grid(2, 4), CODES, List.of(8), 256, unmasking, 1, 1)));
    }

    /** Of pictures of 2 x 2 tokens and more, 16 at the most. */
    static BundleManifest windowed() {
        return manifest(
                Family.WINDOWED,
                new ClassConditioning(10),
                new ImageSize(4, 4),
                new Grid(2, 2),
                new WindowedTransformer(1, 1, 8, 8, 1, 2, 16),
                Optional.empty());
    }

    private static BundleManifest manifest(
            Family family,
            Conditioning conditioning,
            ImageSize image,
            Grid grid,
            Generator generator,
            Optional<SuperResolution> superres) {
        return new BundleManifest(
                BundleManifest.FORMAT,
                "letters",
                family,
                "A model for tests",
                List.of("tokenizer", "generator", "decoder"),
                conditioning,
                image,
                grid,
                CODES,
                generator,
                new Defaults(1, 1, 0, 1),
                superres,
                Optional.empty(),
                Map.of(),
                "none",
                new Provenance("test", Map.of()),
                Map.of());
    }
}
