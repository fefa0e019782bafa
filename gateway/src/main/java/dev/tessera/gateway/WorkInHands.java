package dev.tessera.gateway;

import dev.tessera.pipeline.Stage;
import dev.tessera.v1.JobEvent;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Which worker has which image in its hands, and what these cost, as the fold of the job events: so every replica has the
 * same. A worker that dies keeps its images here until another one begins them. Safe for use by many threads.
 */
public final class WorkInHands implements JobViews.Watcher {
    private final ImageCosts costs;
    private final Map<Image, Hand> hands = new HashMap<>();
    private final Map<String, Long> nanosByWorker = new HashMap<>();

    private record Image(String jobId, int index) {
        /** What the tokenizer has: the job as a whole. */
        static Image all(String jobId) {
            return new Image(jobId, -1);
        }
    }

    /** @param nanos expected engine time of the whole image: what would be done again if the worker went away */
    private record Hand(String worker, Stage stage, long nanos) {}

    public WorkInHands(ImageCosts costs) {
        this.costs = costs;
    }

    @Override
    public void accepted(JobView view) {
        // Nobody has it yet.
    }

    @Override
    public synchronized void happened(JobView before, JobView after, JobEvent event) {
        if (!isAtTokenizer(after)) {
            drop(Image.all(event.getJobId()));
        }
        if (after.finished()) {
            for (int index = 0; index < after.images().size(); index++) {
                drop(new Image(event.getJobId(), index));
            }
            return;
        }
        switch (event.getEventCase()) {
            case ENCODING_STARTED -> encode(after, event.getEncodingStarted().getWorker());
            case GENERATION_STARTED -> {
                var started = event.getGenerationStarted();
                take(after, started.getImageIndex(), Stage.GENERATOR, started.getWorker());
            }
            case GENERATION_PROGRESSED -> {
                var progress = event.getGenerationProgressed();
                if (progress.getTokensDone() >= progress.getTokensTotal()) {
                    drop(new Image(event.getJobId(), progress.getImageIndex()), Stage.GENERATOR);
                }
            }
            case UPSCALING_STARTED -> {
                var started = event.getUpscalingStarted();
                take(after, started.getImageIndex(), Stage.SUPERRES, started.getWorker());
            }
            case UPSCALING_PROGRESSED -> {
                var progress = event.getUpscalingProgressed();
                if (progress.getTokensDone() >= progress.getTokensTotal()) {
                    drop(new Image(event.getJobId(), progress.getImageIndex()), Stage.SUPERRES);
                }
            }
            case DECODING_STARTED -> {
                var started = event.getDecodingStarted();
                take(after, started.getImageIndex(), Stage.DECODER, started.getWorker());
            }
            case IMAGE_STORED ->
                drop(new Image(event.getJobId(), event.getImageStored().getImageIndex()));
            case ACCEPTED, ENCODING_COMPLETED, FAILED, CANCELLED, EXPIRED, EVENT_NOT_SET -> {}
        }
    }

    /** Expected engine time of the images in each worker's hands, in nanoseconds; workers without any are absent. */
    public synchronized Map<String, Long> nanosByWorker() {
        return Map.copyOf(nanosByWorker);
    }

    private static boolean isAtTokenizer(JobView view) {
        return view.state() instanceof JobState.Queued || view.state() instanceof JobState.Encoding;
    }

    private void encode(JobView view, String worker) {
        if (!worker.isEmpty() && isAtTokenizer(view)) {
            put(
                    Image.all(view.job().getId()),
                    new Hand(worker, Stage.TOKENIZER, costs.nanos(Stage.TOKENIZER, view.job())));
        }
    }

    /** An event that comes late must not put an image back into hands that have let go of it. */
    private void take(JobView view, int index, Stage stage, String worker) {
        if (worker.isEmpty() || index < 0 || index >= view.images().size()) {
            return;
        }
        if (view.images().get(index).rank() <= rankAt(stage)) {
            Image image = new Image(view.job().getId(), index);
            put(image, new Hand(worker, stage, costs.nanos(stage, view.job())));
        }
    }

    /** Into one worker's hands, out of those of another. */
    private void put(Image image, Hand hand) {
        drop(image);
        hands.put(image, hand);
        nanosByWorker.merge(hand.worker(), hand.nanos(), Long::sum);
    }

    /** How far along an image is that the stage has in hand. */
    private static int rankAt(Stage stage) {
        return switch (stage) {
            case GATEWAY, TOKENIZER -> new ImageState.Queued().rank();
            case GENERATOR -> ImageState.Generating.BEGUN.rank();
            case SUPERRES -> new ImageState.Upscaling(0, 0, 0).rank();
            case DECODER -> new ImageState.Decoding().rank();
        };
    }

    /** Takes an image from whoever has it at a stage. */
    private void drop(Image image, Stage stage) {
        Hand hand = hands.get(image);
        if (hand != null && hand.stage() == stage) {
            drop(image);
        }
    }

    private void drop(Image image) {
        Optional.ofNullable(hands.remove(image))
                .ifPresent(hand -> nanosByWorker.computeIfPresent(
                        hand.worker(), (worker, nanos) -> nanos > hand.nanos() ? nanos - hand.nanos() : null));
    }
}
