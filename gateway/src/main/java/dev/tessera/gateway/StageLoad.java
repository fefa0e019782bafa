package dev.tessera.gateway;

import dev.tessera.pipeline.Stage;

/**
 * What there is to do at one stage. Whole numbers, so that adding and taking away over days leaves no remainder.
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

    /**
     * What a job has for the stage. The tokenizer takes no time worth speaking of, so an image that waits for it
     * already waits for the generator; but the decoder's image is only there when the generator has made its tokens.
     *
     * @param nanos expected engine time of each image
     */
    static StageLoad of(JobView view, Stage stage, long nanos) {
        if (view.finished()) {
            return NONE;
        }
        StageLoad sum = NONE;
        for (ImageState image : view.images()) {
            sum = sum.plus(
                    stage == Stage.DECODER
                            ? decoding(image, view.tokensPerImage(), nanos)
                            : generating(image, view.tokensPerImage(), nanos));
        }
        return sum.isNone() ? NONE : sum.ofOneJob();
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

    private static StageLoad generating(ImageState image, int tokens, long nanos) {
        return switch (image) {
            case ImageState.Queued queued -> waiting(nanos);
            case ImageState.Generating(int done) when isWhole(done, tokens) -> NONE;
            case ImageState.Generating(int done) -> begun(tokens == 0 ? nanos : left(nanos, done, tokens));
            case ImageState.Decoding decoding -> NONE;
            case ImageState.Stored stored -> NONE;
        };
    }

    private static StageLoad decoding(ImageState image, int tokens, long nanos) {
        return switch (image) {
            case ImageState.Queued queued -> new StageLoad(0, 1, 0, 0, 0, 0);
            case ImageState.Generating(int done) when isWhole(done, tokens) -> waiting(nanos);
            case ImageState.Generating generating -> new StageLoad(0, 1, 0, 0, 0, 0);
            case ImageState.Decoding decoding -> begun(nanos);
            case ImageState.Stored stored -> NONE;
        };
    }

    private static boolean isWhole(int done, int tokens) {
        return tokens > 0 && done >= tokens;
    }

    private static long left(long nanos, int done, int tokens) {
        return Math.round((double) nanos * (tokens - done) / tokens);
    }

    private static StageLoad waiting(long nanos) {
        return new StageLoad(0, 0, 1, 0, nanos, 0);
    }

    private static StageLoad begun(long nanos) {
        return new StageLoad(0, 0, 0, 1, 0, nanos);
    }
}
