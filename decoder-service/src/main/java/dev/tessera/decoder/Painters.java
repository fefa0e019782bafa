package dev.tessera.decoder;

import dev.tessera.decoder.DecoderException.Reason;
import dev.tessera.inference.Drawing;
import dev.tessera.pipeline.JobPictures;
import dev.tessera.pipeline.ModelVersion;
import dev.tessera.v1.Job;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The painter of each version of a model that is served, and the pictures that edits begin with. Immutable. */
public final class Painters {
    private final Map<ModelVersion, ImagePainter> models;
    private final JobPictures sources;

    Painters(Map<ModelVersion, ImagePainter> models, JobPictures sources) {
        this.models = Map.copyOf(models);
        this.sources = sources;
    }

    public Set<ModelVersion> versions() {
        return models.keySet();
    }

    /**
     * What paints the images of a job; empty for an edit that has ended, and whose picture is gone with it.
     *
     * @throws DecoderException when the job was accepted for a model, or weights of it, that are not served here
     */
    Optional<JobPainter> of(Job job) {
        ImagePainter painter = painter(job);
        // Of a picture that is only upscaled nothing stays as it was.
        if (!job.hasEdit() || job.getUpscale()) {
            return Optional.of((index, drawing) -> painter.paint(job, index, drawing));
        }
        return sources.edited(job).map(source -> (index, drawing) -> painter.paint(job, index, drawing, source));
    }

    private ImagePainter painter(Job job) {
        ImagePainter painter = models.get(ModelVersion.of(job));
        if (painter == null) {
            throw new DecoderException(
                    Reason.MODEL_UNAVAILABLE,
                    "the job was accepted for weights of " + job.getModel() + " that are not served here");
        }
        return painter;
    }

    /** Makes the PNG file of one image. */
    @FunctionalInterface
    interface JobPainter {
        /** @throws DecoderException when the drawing is not of the model, or the picture to edit is not of its size */
        byte[] paint(int imageIndex, Drawing drawing);
    }
}
