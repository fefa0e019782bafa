package dev.tessera.gateway;

import com.google.protobuf.Timestamp;
import dev.tessera.v1.GenerationProgressed;
import dev.tessera.v1.ImageStored;
import dev.tessera.v1.Job;
import dev.tessera.v1.JobEvent;
import dev.tessera.v1.JobFailed;
import dev.tessera.v1.UpscalingProgressed;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/**
 * A job as the fold of its events. Events may come twice, late, or from a repeated delivery: a state is only left for
 * a later one, tokens are never taken back, and after the end nothing changes.
 *
 * @param tokensPerImage 0 while it is not known
 * @param images the state of each image, by index
 */
public record JobView(Job job, JobState state, int tokensPerImage, List<ImageState> images) {
    public JobView {
        images = List.copyOf(images);
    }

    /** A job no stage has heard of yet. */
    public static JobView accepted(Job job, int tokensPerImage) {
        List<ImageState> images = Collections.nCopies(job.getImages(), new ImageState.Queued());
        return new JobView(job, new JobState.Queued(), tokensPerImage, images);
    }

    public boolean finished() {
        return state instanceof JobState.Final;
    }

    /** Sums over the images. */
    public long tokensDone() {
        return images.stream().mapToLong(this::tokensDone).sum();
    }

    public long tokensTotal() {
        return (long) tokensPerImage * images.size();
    }

    public long imagesDone() {
        return images.stream().filter(ImageState.Stored.class::isInstance).count();
    }

    /** The job after an event; the same object when the event changes nothing. */
    public JobView after(JobEvent event) {
        return switch (state) {
            case JobState.Final end -> this;
            case JobState.Open open -> after(open, event, instant(event.getTime()));
        };
    }

    private JobView after(JobState.Open open, JobEvent event, Instant time) {
        return switch (event.getEventCase()) {
            case ACCEPTED, EVENT_NOT_SET -> this;
            case ENCODING_STARTED -> open instanceof JobState.Queued ? in(new JobState.Encoding(time)) : this;
            case ENCODING_COMPLETED -> encoded(open, time);
            case GENERATION_STARTED ->
                image(event.getGenerationStarted().getImageIndex(), ImageState.Generating.BEGUN, time);
            case GENERATION_PROGRESSED -> progressed(event.getGenerationProgressed(), time);
            case UPSCALING_STARTED -> upscaling(event.getUpscalingStarted().getImageIndex(), 0, 0, time);
            case UPSCALING_PROGRESSED -> progressed(event.getUpscalingProgressed(), time);
            case DECODING_STARTED -> image(event.getDecodingStarted().getImageIndex(), new ImageState.Decoding(), time);
            case IMAGE_STORED -> stored(event.getImageStored(), time);
            case FAILED -> in(new JobState.Failed(open, time, error(event.getFailed())));
            case CANCELLED -> in(new JobState.Cancelled(open, time));
            case EXPIRED -> in(new JobState.Expired(open, time));
        };
    }

    private JobView encoded(JobState.Open open, Instant time) {
        return switch (open) {
            case JobState.Queued _, JobState.Encoding _ ->
                in(new JobState.Encoded(open.startedAt().orElse(time)));
            case JobState.Running _ -> this;
        };
    }

    private JobView progressed(GenerationProgressed progress, Instant time) {
        int total = Math.max(0, progress.getTokensTotal());
        int done = Math.clamp(progress.getTokensDone(), 0, total);
        return ofAtLeast(total).image(progress.getImageIndex(), new ImageState.Generating(done, total), time);
    }

    private JobView progressed(UpscalingProgressed progress, Instant time) {
        int total = Math.max(0, progress.getTokensTotal());
        int done = Math.clamp(progress.getTokensDone(), 0, total);
        return ofAtLeast(total).upscaling(progress.getImageIndex(), done, total, time);
    }

    /** The tokens of an image whose model is not known are those that are told of. */
    private JobView ofAtLeast(int tokens) {
        return tokens <= tokensPerImage ? this : new JobView(job, state, tokens, images);
    }

    private JobView upscaling(int index, int done, int total, Instant time) {
        if (index < 0 || index >= images.size()) {
            return this;
        }
        int before =
                switch (images.get(index)) {
                    case ImageState.Generating generating -> generating.tokensDone();
                    case ImageState.Upscaling upscaling -> upscaling.before();
                    case ImageState.Queued _, ImageState.Decoding _, ImageState.Stored _ -> 0;
                };
        return image(index, new ImageState.Upscaling(before, done, total), time);
    }

    private JobView stored(ImageStored stored, Instant time) {
        ImageState state = new ImageState.Stored(stored.getObject(), stored.getBytes(), stored.getSha256());
        return image(stored.getImageIndex(), state, time);
    }

    private JobView image(int index, ImageState next, Instant time) {
        if (index < 0 || index >= images.size() || !leads(images.get(index), next)) {
            return this;
        }
        List<ImageState> changed = new ArrayList<>(images);
        changed.set(index, next);
        return new JobView(job, state, tokensPerImage, changed).advanced(time);
    }

    private static boolean leads(ImageState from, ImageState to) {
        if (from instanceof ImageState.Generating before && to instanceof ImageState.Generating now) {
            return now.tokensDone() > before.tokensDone();
        }
        if (from instanceof ImageState.Upscaling before && to instanceof ImageState.Upscaling now) {
            return now.tokensDone() > before.tokensDone();
        }
        return to.rank() > from.rank();
    }

    /** The state that follows from the images. */
    private JobView advanced(Instant time) {
        JobState.Open open = (JobState.Open) state;
        Instant since = open.startedAt().orElse(time);
        if (imagesDone() == images.size()) {
            return in(new JobState.Succeeded(new JobState.Decoding(since), time));
        }
        ImageState last =
                images.stream().min(Comparator.comparingInt(ImageState::rank)).orElseThrow();
        return in(
                switch (last) {
                    case ImageState.Queued _, ImageState.Generating _ -> new JobState.Generating(since);
                    case ImageState.Upscaling _ -> new JobState.Upscaling(since);
                    case ImageState.Decoding _, ImageState.Stored _ -> new JobState.Decoding(since);
                });
    }

    private JobView in(JobState next) {
        return new JobView(job, next, tokensPerImage, images);
    }

    private long tokensDone(ImageState image) {
        return switch (image) {
            case ImageState.Queued queued -> 0;
            case ImageState.Generating generating -> generating.tokensDone();
            case ImageState.Upscaling upscaling ->
                upscaling.tokensTotal() == 0
                        ? upscaling.before()
                        : tokensPerImage - upscaling.tokensTotal() + upscaling.tokensDone();
            case ImageState.Decoding decoding -> tokensPerImage;
            case ImageState.Stored stored -> tokensPerImage;
        };
    }

    private static JobError error(JobFailed failed) {
        return new JobError(failed.getReason(), failed.getDetail(), failed.getStage());
    }

    static Instant instant(Timestamp time) {
        return Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
    }
}
