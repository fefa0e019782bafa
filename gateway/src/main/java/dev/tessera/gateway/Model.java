package dev.tessera.gateway;

import dev.tessera.inference.Resampling;
import dev.tessera.inference.TokenGrid;
import dev.tessera.inference.bundle.BundleFiles;
import dev.tessera.inference.bundle.BundleManifest;
import dev.tessera.inference.bundle.ClassConditioning;
import dev.tessera.inference.bundle.Conditioning;
import dev.tessera.inference.bundle.Defaults;
import dev.tessera.inference.bundle.Family;
import dev.tessera.inference.bundle.Grid;
import dev.tessera.inference.bundle.GuidanceRise;
import dev.tessera.inference.bundle.ImageSize;
import dev.tessera.inference.bundle.MapConditioning;
import dev.tessera.inference.bundle.MaskedTransformer;
import dev.tessera.inference.bundle.NextScaleTransformer;
import dev.tessera.inference.bundle.NextTokenTransformer;
import dev.tessera.inference.bundle.NoConditioning;
import dev.tessera.inference.bundle.SuperResolution;
import dev.tessera.inference.bundle.TextConditioning;
import dev.tessera.inference.bundle.UnmaskingDefaults;
import dev.tessera.inference.bundle.WindowedTransformer;
import dev.tessera.pipeline.Stage;
import dev.tessera.v1.Job;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A model that requests may name.
 *
 * @param digest SHA-256 of the bundle's manifest, in hex
 */
public record Model(BundleManifest manifest, String digest) {
    String name() {
        return manifest.name();
    }

    /** As requests and answers have it: width, x, height, in pixels. */
    String size() {
        return manifest.image().width() + "x" + manifest.image().height();
    }

    /** Of each of the job's images: what its stages draw, one after the other. */
    int tokensPerImage(Job job) {
        return (job.getUpscale() ? 0 : generatedTokens(job)) + finerTokens();
    }

    /** That the generator draws of each of the job's images: with mask-free editing some in every step. */
    private int generatedTokens(Job job) {
        float resample = job.getEdit().getResample();
        return resample > 0
                ? new Resampling(resample).cells(baseTokens())
                        * job.getUnmasking().getSteps()
                : baseTokens(job);
    }

    /** Of the generator's grid of each of the job's images. */
    int baseTokens(Job job) {
        return job.getWidth() == 0 || job.getHeight() == 0
                ? baseTokens()
                : baseTokens(new ImageSize(job.getWidth(), job.getHeight()));
    }

    private int baseTokens(ImageSize size) {
        return size.equals(manifest.image())
                ? baseTokens()
                : manifest.gridOf(size).map(Grid::tokens).orElseGet(this::baseTokens);
    }

    /** Of the generator's grid of an image of the usual size. */
    int baseTokens() {
        return manifest.tokensPerImage();
    }

    /** Of the grid that super-resolution draws; 0 where the model has no such stage. */
    int finerTokens() {
        return manifest.superres().map(finer -> finer.grid().tokens()).orElse(0);
    }

    /** The stages that images pass one by one, in order: those after the tokenizer, which takes a job as a whole. */
    List<Stage> imageStages() {
        return Pool.STAGES.stream()
                .filter(stage -> stage != Stage.TOKENIZER)
                .filter(stage -> manifest.stages().contains(stage.key()))
                .toList();
    }

    /** What sizes a request may ask for, in words. */
    String sizes() {
        return switch (manifest.generator()) {
            case NextTokenTransformer transformer -> size();
            case NextScaleTransformer transformer -> size();
            case MaskedTransformer transformer -> size();
            case WindowedTransformer transformer -> {
                int width = manifest.image().width() / manifest.grid().columns();
                int height = manifest.image().height() / manifest.grid().rows();
                yield "width x height in multiples of " + width + " and " + height + ", at least "
                        + transformer.window() * width + "x" + transformer.window() * height + " and at most "
                        + transformer.maxTokens() + " times " + width + "x" + height + ", such as " + size();
            }
        };
    }

    /** The fields that a request for this model may have. */
    Set<String> fields(Task task) {
        return switch (task) {
            case DRAW -> fields();
            case RESAMPLE -> {
                Set<String> fields = fields();
                List.of("mask", "strength", "upscale", "temperature", "schedule")
                        .forEach(fields::remove);
                yield fields;
            }
            case UPSCALE ->
                new LinkedHashSet<>(List.of(
                        "model",
                        "prompt",
                        "negative_prompt",
                        "upscale",
                        "image",
                        "from",
                        "n",
                        "size",
                        "seed",
                        "guidance_scale",
                        "temperature",
                        "top_k",
                        "top_p",
                        "steps",
                        "schedule"));
        };
    }

    /** The fields of a request for a picture from the beginning. */
    private Set<String> fields() {
        Set<String> fields = new LinkedHashSet<>();
        fields.add("model");
        fields.addAll(
                switch (manifest.conditioning()) {
                    case TextConditioning text -> List.of("prompt", "negative_prompt");
                    case ClassConditioning classes -> List.of("class");
                    case MapConditioning map -> List.of("condition");
                    case NoConditioning none -> List.of();
                });
        fields.addAll(EditFields.NAMES);
        if (!resamples()) {
            fields.remove("resample");
        }
        if (!encodesPictures()) {
            fields.remove("image");
        }
        if (upscales()) {
            fields.add("upscale");
        }
        fields.addAll(List.of("n", "size", "seed"));
        if (takesGuidance()) {
            fields.add("guidance_scale");
        }
        fields.addAll(List.of("temperature", "top_k", "top_p"));
        if (blendsCodes()) {
            fields.add("more_smooth");
        }
        if (unmasking().isPresent()) {
            fields.addAll(List.of("steps", "schedule"));
        }
        return fields;
    }

    /** Whether a picture can be given to it of which only super-resolution is left to do. */
    boolean upscales() {
        return manifest.superres().isPresent() && encodesPictures();
    }

    /** Whether it can draw random cells of a picture anew, again and again. */
    boolean resamples() {
        return unmasking().isPresent();
    }

    /** What a request for the task has where it says nothing else. */
    Defaults defaults(Task task) {
        return switch (task) {
            case DRAW -> manifest.defaults();
            case RESAMPLE -> new Defaults(Resampling.GUIDANCE_SCALE, 1, Resampling.TOP_K, 1);
            case UPSCALE ->
                manifest.superres()
                        .map(finer -> new Defaults(finer.guidanceScale(), finer.temperature(), 0, 1))
                        .orElse(manifest.defaults());
        };
    }

    /** How many codes the task draws from. */
    int codes(Task task) {
        return switch (task) {
            case DRAW, RESAMPLE -> manifest.codebook().size();
            case UPSCALE -> manifest.finishedCodebook().size();
        };
    }

    /** How the stage of the task unmasks where a request says nothing else; empty for the other families. */
    Optional<UnmaskingDefaults> unmasking(Task task) {
        return switch (task) {
            case DRAW -> unmasking();
            case RESAMPLE ->
                unmasking()
                        .map(own -> new UnmaskingDefaults(
                                Resampling.STEPS, own.schedule(), own.finalTemperature(), GuidanceRise.CONSTANT));
            case UPSCALE -> manifest.superres().map(SuperResolution::unmasking);
        };
    }

    /** How the generator unmasks where a request says nothing else; empty for the other families. */
    Optional<UnmaskingDefaults> unmasking() {
        return switch (manifest.generator()) {
            case MaskedTransformer transformer -> Optional.of(transformer.unmasking());
            case NextTokenTransformer _, NextScaleTransformer _, WindowedTransformer _ -> Optional.empty();
        };
    }

    /** Whether it can begin with a picture of which there are no tokens. */
    boolean encodesPictures() {
        return manifest.files().containsKey(BundleFiles.IMAGE_ENCODER);
    }

    /** Whether an edit may go without a condition: the picture is one. */
    boolean editsWithoutCondition() {
        return manifest.family() == Family.NEXT_SCALE;
    }

    /** Whether tokens fill the grids of its finished pictures of a size, with codes of a codebook as large as its own. */
    boolean hasGridOf(TokenGrid tokens, ImageSize size) {
        Grid grid = finerTokens() > 0
                ? manifest.finishedGrid()
                : manifest.gridOf(size).orElseGet(manifest::grid);
        return tokens.rows() == grid.rows()
                && tokens.columns() == grid.columns()
                && tokens.size() == (finerTokens() > 0 ? finerTokens() : baseTokens(size))
                && tokens.codebookSize() == manifest.finishedCodebook().size();
    }

    /** Whether the tokens of a stored picture are those that its generator begins an edit with. */
    boolean editsStoredTokens() {
        return manifest.superres().isEmpty();
    }

    /** The guidance scale that is no guidance, in the family's own terms; the least that a request may ask for. */
    int noGuidance() {
        return switch (manifest.family()) {
            case NEXT_TOKEN, MASKED, WINDOWED -> 1;
            case NEXT_SCALE -> 0;
        };
    }

    /** Whether the family knows of guidance at all. */
    boolean takesGuidance() {
        return switch (manifest.family()) {
            case NEXT_TOKEN, NEXT_SCALE, MASKED -> true;
            case WINDOWED -> false;
        };
    }

    /** Whether it can blend code vectors instead of drawing one for each cell. */
    boolean blendsCodes() {
        return manifest.family() == Family.NEXT_SCALE;
    }

    Conditioning conditioning() {
        return manifest.conditioning();
    }
}
