package dev.tessera.gateway;

import dev.tessera.inference.bundle.StageCost;
import dev.tessera.inference.bundle.SuperResolution;
import dev.tessera.inference.bundle.UnmaskingDefaults;
import dev.tessera.pipeline.Stage;
import dev.tessera.v1.Job;
import dev.tessera.v1.Sampling;
import dev.tessera.v1.Unmasking;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an image is expected to cost, in engine time, by what its model's bundle declares: a pure function of the request.
 * At the tokenizer, which encodes once for all images, it is what the job costs.
 * The bundle may be wrong by a factor; {@link MeasuredRate} knows by which.
 */
public final class ImageCosts {
    /** Of a model whose bundle does not say: a guess, which the first measured image replaces. */
    static final Map<Stage, StageCost> GUESS = Map.of(
            Stage.TOKENIZER, new StageCost(0.05, 0),
            Stage.GENERATOR, new StageCost(0, 0.002),
            Stage.SUPERRES, new StageCost(0, 0.0005),
            Stage.DECODER, new StageCost(0.05, 0));

    private static final List<Stage> OF_UNKNOWN = List.of(Stage.GENERATOR, Stage.DECODER);

    private static final double NANOS = 1e9;

    private final Models models;

    public ImageCosts(Models models) {
        this.models = models;
    }

    /** The stages that a job's images pass one by one, in order. */
    List<Stage> stages(Job job) {
        List<Stage> all = models.named(job.getModel()).map(Model::imageStages).orElse(OF_UNKNOWN);
        return all.stream()
                .filter(stage -> !job.getUpscale() || stage != Stage.GENERATOR)
                .toList();
    }

    /** Nanoseconds of engine time that each image of the job, or the job itself, costs the stage; at least one. */
    long nanos(Stage stage, Job job) {
        return nanos(
                stage,
                job.getModel(),
                models.named(job.getModel())
                        .map(model -> tokenRows(stage, model, job))
                        .orElse(0));
    }

    /** The same for an image with the model's own parameters. */
    long nanos(Stage stage, Model model) {
        float guidance = model.manifest().defaults().guidanceScale();
        int steps = model.unmasking().map(UnmaskingDefaults::steps).orElse(1);
        var sampling = Sampling.newBuilder().setGuidanceScale(guidance);
        var unmasking = Unmasking.newBuilder().setSteps(steps);
        Job usual =
                Job.newBuilder().setSampling(sampling).setUnmasking(unmasking).build();
        return nanos(stage, model.name(), tokenRows(stage, model, usual));
    }

    /** How many tokens the stage runs, over all rows and steps. */
    private static int tokenRows(Stage stage, Model model, Job job) {
        return switch (stage) {
            case GENERATOR ->
                model.baseTokens(job)
                        * rows(job.getSampling().getGuidanceScale() > model.noGuidance())
                        * Math.max(1, job.getUnmasking().getSteps());
            case SUPERRES ->
                model.manifest().superres().map(finer -> tokenRows(finer, job)).orElse(0);
            case DECODER -> model.finerTokens() > 0 ? model.finerTokens() : model.baseTokens(job);
            case GATEWAY, TOKENIZER -> 0;
        };
    }

    /** A job that only upscales has its parameters for this stage; for others they are the model's own. */
    private static int tokenRows(SuperResolution finer, Job job) {
        float guidance = job.getUpscale() ? job.getSampling().getGuidanceScale() : finer.guidanceScale();
        int steps = job.getUpscale()
                ? job.getUnmasking().getSteps()
                : finer.unmasking().steps();
        return finer.grid().tokens() * rows(guidance > 1) * Math.max(1, steps);
    }

    /** A guided image is in two rows of a batch: with and without its condition. */
    private static int rows(boolean guided) {
        return guided ? 2 : 1;
    }

    private long nanos(Stage stage, String model, int tokenRows) {
        StageCost cost = models.named(model)
                .flatMap(known -> Optional.ofNullable(known.manifest().cost().get(stage.key())))
                .or(() -> Optional.ofNullable(GUESS.get(stage)))
                .orElseThrow();
        return Math.max(1, Math.round((cost.secondsPerImage() + cost.secondsPerToken() * tokenRows) * NANOS));
    }
}
