package dev.tessera.gateway;

import dev.tessera.pipeline.Stage;
import java.util.List;

/**
 * What there is to do at one stage. Whole numbers, so that adding and taking away over days leaves no remainder.
 *
 * <p>The tokenizer encodes once for all images of a job: what is called an image here is a job there.
 *
 * @param jobs with any image that the stage has not done
 * @param upstream images that an earlier stage has to do first
 * @param queued images that could be begun
 * @param inFlight images that are begun
 * @param queuedNanos expected engine time of the queued images
 * @param inFlightNanos expected engine time of what is left of those in flight
 */
record StageLoad(long jobs, long upstream, long queued, long inFlight, long queuedNanos, long inFlightNanos) {
    static final StageLoad NONE = new StageLoad(0, 0, 0, 0, 0, 0);

    /** An image that an earlier stage has to do first. */
    private static final StageLoad UPSTREAM = new StageLoad(0, 1, 0, 0, 0, 0);

    /**
     * What a job has for the stage. The tokenizer takes little time beside the others, so an image that waits for it
     * already waits for the stage that follows; but a later stage's image is only there when the one before is done.
     *
     * @param stages that the job's images pass one by one, in order
     * @param nanos expected engine time of each image
     */
    static StageLoad of(JobView view, Stage stage, List<Stage> stages, long nanos) {
        if (stage == Stage.TOKENIZER) {
            return ofWhole(view, nanos);
        }
        if (view.finished() || !stages.contains(stage)) {
            return NONE;
        }
        int place = stages.indexOf(stage);
        StageLoad sum = NONE;
        for (ImageState image : view.images()) {
            sum = sum.plus(
                    switch (image) {
                        case ImageState.Queued queued -> waiting(place, 0, nanos);
                        case ImageState.Generating at
                        when at.whole() -> waiting(place, stages.indexOf(Stage.GENERATOR) + 1, nanos);
                        case ImageState.Generating at ->
                            begun(
                                    place,
                                    stages.indexOf(Stage.GENERATOR),
                                    left(nanos, at.tokensDone(), at.tokensTotal()));
                        case ImageState.Upscaling at
                        when at.whole() -> waiting(place, stages.indexOf(Stage.SUPERRES) + 1, nanos);
                        case ImageState.Upscaling at ->
                            begun(
                                    place,
                                    stages.indexOf(Stage.SUPERRES),
                                    left(nanos, at.tokensDone(), at.tokensTotal()));
                        case ImageState.Decoding decoding -> begun(place, stages.indexOf(Stage.DECODER), nanos);
                        case ImageState.Stored stored -> NONE;
                    });
        }
        return sum.isNone() ? NONE : sum.ofOneJob();
    }

    private static StageLoad ofWhole(JobView view, long nanos) {
        return switch (view.state()) {
            case JobState.Queued queued -> new StageLoad(1, 0, 1, 0, nanos, 0);
            case JobState.Encoding encoding -> new StageLoad(1, 0, 0, 1, 0, nanos);
            case JobState.Running running -> NONE;
            case JobState.Final end -> NONE;
        };
    }

    StageLoad plus(StageLoad other) {
        return new StageLoad(
                jobs + other.jobs,
                upstream + other.upstream,
                queued + other.queued,
                inFlight + other.inFlight,
                queuedNanos + other.queuedNanos,
                inFlightNanos + other.inFlightNanos);
    }

    StageLoad minus(StageLoad other) {
        return plus(new StageLoad(
                -other.jobs,
                -other.upstream,
                -other.queued,
                -other.inFlight,
                -other.queuedNanos,
                -other.inFlightNanos));
    }

    long nanos() {
        return queuedNanos + inFlightNanos;
    }

    /** Whether anything is left to do here, now or later. */
    boolean isNone() {
        return upstream + queued + inFlight == 0;
    }

    private StageLoad ofOneJob() {
        return new StageLoad(1, upstream, queued, inFlight, queuedNanos, inFlightNanos);
    }

    /** An image that waits for one stage, as another sees it. */
    private static StageLoad waiting(int place, int next, long nanos) {
        if (place < next) {
            return NONE;
        }
        return place == next ? new StageLoad(0, 0, 1, 0, nanos, 0) : UPSTREAM;
    }

    /** An image that one stage has begun, as another sees it. */
    private static StageLoad begun(int place, int current, long left) {
        if (place < current) {
            return NONE;
        }
        return place == current ? new StageLoad(0, 0, 0, 1, 0, left) : UPSTREAM;
    }

    private static long left(long nanos, int done, int tokens) {
        return tokens == 0 ? nanos : Math.round((double) nanos * (tokens - done) / tokens);
    }
}
