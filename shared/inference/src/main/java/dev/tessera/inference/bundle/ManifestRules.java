package dev.tessera.inference.bundle;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What a manifest must say beyond having all its keys. */
final class ManifestRules {
    /** A name in the folder itself: no separators, no leading dot, so nothing outside and nothing hidden. */
    private static final Pattern FILE_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

    private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");
    private static final String SUPERRES = "superres";
    private static final Set<String> STAGES = Set.of("tokenizer", "generator", SUPERRES, "decoder");

    private ManifestRules() {}

    /** What is wrong, if anything. */
    static Optional<String> check(BundleManifest manifest) {
        return stages(manifest.stages())
                .or(() -> cost(manifest))
                .or(() -> fileNames(manifest.files()))
                .or(() -> family(manifest))
                .or(() -> superResolution(manifest))
                .or(() -> neededFiles(manifest));
    }

    /** The files without which no job of the model can be done. */
    static List<String> needed(BundleManifest manifest) {
        List<String> needed = new ArrayList<>(List.of(BundleFiles.GENERATOR, BundleFiles.IMAGE_DECODER));
        switch (manifest.family()) {
            case NEXT_TOKEN -> needed.add(BundleFiles.EMBEDDING);
            case NEXT_SCALE ->
                needed.addAll(List.of(
                        BundleFiles.CONDITION, BundleFiles.CODES, BundleFiles.RESIDUAL, BundleFiles.SCALE_INPUT));
            case MASKED -> needed.add(BundleFiles.CONDITION);
            case WINDOWED -> needed.add(BundleFiles.EMBEDDING);
        }
        if (manifest.superres().isPresent()) {
            needed.addAll(List.of(BundleFiles.SUPERRES_CONDITION, BundleFiles.SUPERRES));
        }
        switch (manifest.conditioning()) {
            case TextConditioning text -> needed.addAll(neededForText(manifest.family()));
            case MapConditioning map -> needed.add(BundleFiles.CONDITION_ENCODER);
            case ClassConditioning classes -> {}
            case NoConditioning none -> {}
        }
        return needed;
    }

    /** Only a next-token model projects captions apart from the rest of its network. */
    private static List<String> neededForText(Family family) {
        return family == Family.NEXT_TOKEN
                ? List.of(BundleFiles.TEXT_ENCODER, BundleFiles.TOKENIZER, BundleFiles.CAPTION)
                : List.of(BundleFiles.TEXT_ENCODER, BundleFiles.TOKENIZER);
    }

    static boolean isFileName(String name) {
        return FILE_NAME.matcher(name).matches() && !name.equals(BundleManifest.FILE_NAME);
    }

    static boolean isDigest(String text) {
        return SHA_256.matcher(text).matches();
    }

    private static Optional<String> stages(List<String> stages) {
        return stages.stream()
                .filter(stage -> !STAGES.contains(stage))
                .findFirst()
                .map(stage -> "key 'stages' names '" + stage + "', which is none of "
                        + STAGES.stream().sorted().toList())
                .or(() -> stages.isEmpty() ? Optional.of("key 'stages' is empty") : Optional.empty());
    }

    private static Optional<String> cost(BundleManifest manifest) {
        return manifest.cost().keySet().stream()
                .filter(stage -> !manifest.stages().contains(stage))
                .findFirst()
                .map(stage ->
                        "key 'cost' names '" + stage + "', which is none of the model's stages " + manifest.stages());
    }

    private static Optional<String> fileNames(Map<String, String> files) {
        return files.entrySet().stream()
                .flatMap(file -> fileEntry(file.getKey(), file.getValue()).stream())
                .findFirst();
    }

    private static Optional<String> fileEntry(String name, String sha256) {
        if (!isFileName(name)) {
            return Optional.of(
                    "key 'files' names '" + name + "', which is no plain name of a file in the bundle's folder");
        }
        return isDigest(sha256)
                ? Optional.empty()
                : Optional.of("key 'files." + name + "' is no SHA-256 in lower case hex");
    }

    private static Optional<String> family(BundleManifest manifest) {
        return switch (manifest.generator()) {
            case NextTokenTransformer transformer ->
                requireFamily(manifest, Family.NEXT_TOKEN).or(() -> nextToken(manifest));
            case NextScaleTransformer transformer ->
                requireFamily(manifest, Family.NEXT_SCALE).or(() -> nextScale(manifest, transformer));
            case MaskedTransformer transformer ->
                requireFamily(manifest, Family.MASKED).or(() -> masked(manifest, transformer));
            case WindowedTransformer transformer ->
                requireFamily(manifest, Family.WINDOWED).or(() -> windowed(manifest, transformer));
        };
    }

    private static Optional<String> requireFamily(BundleManifest manifest, Family family) {
        return manifest.family() == family
                ? Optional.empty()
                : Optional.of("key 'generator.kind' is not of the family that key 'family' names");
    }

    private static Optional<String> nextToken(BundleManifest manifest) {
        return switch (manifest.conditioning()) {
            case TextConditioning text -> Optional.empty();
            case ClassConditioning classes -> Optional.empty();
            case MapConditioning map -> Optional.of("key 'conditioning.kind' must be text or class here");
            case NoConditioning none -> Optional.of("key 'conditioning.kind' must be text or class here");
        };
    }

    private static Optional<String> windowed(BundleManifest manifest, WindowedTransformer transformer) {
        int prefix =
                switch (manifest.conditioning()) {
                    case MapConditioning map -> transformer.window() * transformer.window();
                    case ClassConditioning classes -> 1;
                    case NoConditioning none -> 1;
                    case TextConditioning text -> 0;
                };
        if (prefix != transformer.prefixTokens()) {
            return Optional.of(
                    prefix == 0
                            ? "key 'conditioning.kind' must be class, map or none for a windowed model"
                            : "key 'generator.prefixTokens' must be " + prefix + " for this conditioning");
        }
        return divides(manifest.grid(), manifest.image()) && transformer.makes(manifest.grid())
                ? Optional.empty()
                : Optional.of(
                        "key 'grid' must be at least the window, at most 'generator.maxTokens', and divide 'image'");
    }

    private static Optional<String> nextScale(BundleManifest manifest, NextScaleTransformer transformer) {
        if (!(manifest.conditioning() instanceof ClassConditioning)) {
            return Optional.of("key 'conditioning.kind' must be class for a next-scale model");
        }
        int finest = transformer.scales().getLast();
        return manifest.grid().equals(new Grid(finest, finest))
                ? Optional.empty()
                : Optional.of("key 'grid' must be " + finest + " x " + finest + ", the last of 'generator.scales'");
    }

    private static Optional<String> masked(BundleManifest manifest, MaskedTransformer transformer) {
        if (!(manifest.conditioning() instanceof TextConditioning text)) {
            return Optional.of("key 'conditioning.kind' must be text for a masked model");
        }
        if (!text.padded()) {
            return Optional.of("key 'conditioning.padded' must be true for a masked model");
        }
        return transformer.maskToken() >= manifest.codebook().size()
                ? Optional.empty()
                : Optional.of("key 'generator.maskToken' must be none of the codebook's "
                        + manifest.codebook().size());
    }

    private static Optional<String> superResolution(BundleManifest manifest) {
        if (manifest.stages().contains(SUPERRES) != manifest.superres().isPresent()) {
            return Optional.of("key 'stages' must name 'superres' where there is a key 'superres', and only there");
        }
        return manifest.superres().flatMap(finer -> superResolution(manifest, finer));
    }

    private static Optional<String> superResolution(BundleManifest manifest, SuperResolution finer) {
        if (manifest.family() != Family.MASKED) {
            return Optional.of("key 'superres' is for masked models only");
        }
        if (finer.maskToken() < finer.codebook().size()) {
            return Optional.of("key 'superres.maskToken' must be none of the codebook's "
                    + finer.codebook().size());
        }
        if (finer.grid().rows() < manifest.grid().rows()
                || finer.grid().columns() < manifest.grid().columns()) {
            return Optional.of("key 'superres.grid' must be at least as fine as 'grid'");
        }
        if (!divides(finer.grid(), manifest.image()) || !divides(manifest.grid(), finer.baseImage())) {
            return Optional.of("key 'superres.grid' must divide 'image', and 'grid' 'superres.baseImage'");
        }
        ImageSize base = finer.baseImage();
        boolean whole = manifest.image().height() % base.height() == 0
                && manifest.image().width() % base.width() == 0;
        return whole ? Optional.empty() : Optional.of("key 'image' must be a whole multiple of 'superres.baseImage'");
    }

    private static boolean divides(Grid grid, ImageSize image) {
        return image.height() % grid.rows() == 0 && image.width() % grid.columns() == 0;
    }

    private static Optional<String> neededFiles(BundleManifest manifest) {
        return needed(manifest).stream()
                .filter(name -> !manifest.files().containsKey(name))
                .findFirst()
                .map(name -> "key 'files' lacks '" + name + "', which a model of this family and conditioning needs");
    }
}
