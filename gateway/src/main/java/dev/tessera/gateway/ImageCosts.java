package dev.tessera.gateway;

import dev.tessera.inference.bundle.BundleManifest;
import dev.tessera.inference.bundle.BundleManifest.StageCost;
import dev.tessera.pipeline.Stage;
import dev.tessera.v1.Job;
import java.util.Map;
import java.util.Optional;

/**
 * What an image is expected to cost, in engine time, by what its model's bundle declares: a pure function of the request.
 * The bundle may be wrong by a factor; {@link MeasuredRate} knows by which.
 */
public final class ImageCosts {
    /** Of a model whose bundle does not say: a guess, which the first measured image replaces. */
    static final Map<Stage, StageCost> GUESS =
            Map.of(Stage.GENERATOR, new StageCost(0, 0.002), Stage.DECODER, new StageCost(0.05, 0));

    private static final double NANOS = 1e9;

    private final Models models;

    public ImageCosts(Models models) {
        this.models = models;
    }

    /** Nanoseconds of engine time that each image of the job costs the stage; at least one. */
    long nanos(Stage stage, Job job) {
        float guidance = job.getSampling().getGuidanceScale();
        int steps = Math.max(1, job.getUnmasking().getSteps());
        int tokenRows = models.named(job.getModel())
                .map(model -> model.tokensPerImage(job) * rows(stage, model, guidance) * runs(stage, steps))
                .orElse(0);
        return nanos(stage, job.getModel(), tokenRows);
    }

    /** The same for an image with the model's own parameters. */
    long nanos(Stage stage, Model model) {
        float guidance = model.manifest().defaults().guidanceScale();
        int steps = model.unmasking().map(BundleManifest.Unmasking::steps).orElse(1);
        return nanos(stage, model.name(), model.tokensPerImage() * rows(stage, model, guidance) * runs(stage, steps));
    }

    private long nanos(Stage stage, String model, int tokenRows) {
        StageCost cost = models.named(model)
                .flatMap(known -> Optional.ofNullable(known.manifest().cost().get(stage.key())))
                .or(() -> Optional.ofNullable(GUESS.get(stage)))
                .orElseThrow();
        return Math.max(1, Math.round((cost.secondsPerImage() + cost.secondsPerToken() * tokenRows) * NANOS));
    }

    /** A guided image is in two rows of the generator's batch: with and without its condition. */
    private static int rows(Stage stage, Model model, float guidance) {
        return stage == Stage.GENERATOR && guidance > model.noGuidance() ? 2 : 1;
    }

    /** A masked model runs all tokens in each of its steps. */
    private static int runs(Stage stage, int steps) {
        return stage == Stage.GENERATOR ? steps : 1;
    }
}
