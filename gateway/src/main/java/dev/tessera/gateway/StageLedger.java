package dev.tessera.gateway;

import dev.tessera.pipeline.Stage;
import dev.tessera.v1.JobEvent;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What is to be done, what was done, and what it really cost, at one stage for one model. For one thread at a time.
 *
 * @see PoolBoard
 */
final class StageLedger {
    private final Stage stage;
    private final ImageCosts costs;
    private final Clock clock;
    private final RecentWork recent = new RecentWork();
    private StageLoad load = StageLoad.NONE;
    private MeasuredRate rate = MeasuredRate.NONE;

    StageLedger(Stage stage, ImageCosts costs, Clock clock) {
        this.stage = stage;
        this.costs = costs;
        this.clock = clock;
    }

    void accepted(JobView view) {
        load = load.plus(loadOf(view));
    }

    void happened(JobView before, JobView after, JobEvent event) {
        StageLoad was = loadOf(before);
        StageLoad is = loadOf(after);
        load = load.plus(is).minus(was);
        Instant time = earlier(JobView.instant(event.getTime()), clock.instant());
        if (is.nanos() < was.nanos() && !gaveUp(after)) {
            recent.add(time, was.nanos() - is.nanos());
        }
        // The last token may have been told before, without its time: then the event changes nothing, but is still
        // news.
        engineTime(event).ifPresent(cost -> rate = rate.with(time, cost, costs.nanos(stage, after.job())));
    }

    StageLoad load() {
        return load;
    }

    MeasuredRate rate() {
        return rate;
    }

    /** Expected seconds done per second, of late. */
    double perSecond() {
        return recent.perSecond(clock.instant());
    }

    private StageLoad loadOf(JobView view) {
        return StageLoad.of(view, stage, costs.stages(view.job()), costs.nanos(stage, view.job()));
    }

    /** What a failed or cancelled job leaves was not done. */
    private static boolean gaveUp(JobView view) {
        return view.finished() && !(view.state() instanceof JobState.Succeeded);
    }

    /** What the event says that an image, or a job at the tokenizer, cost at this stage. */
    private Optional<Duration> engineTime(JobEvent event) {
        return switch (stage) {
            case TOKENIZER ->
                time(
                        event.getEncodingCompleted().hasEngineTime(),
                        event.getEncodingCompleted().getEngineTime());
            case GENERATOR ->
                time(
                        event.getGenerationProgressed().hasEngineTime(),
                        event.getGenerationProgressed().getEngineTime());
            case SUPERRES ->
                time(
                        event.getUpscalingProgressed().hasEngineTime(),
                        event.getUpscalingProgressed().getEngineTime());
            case DECODER ->
                time(
                        event.getImageStored().hasEngineTime(),
                        event.getImageStored().getEngineTime());
            case GATEWAY -> Optional.empty();
        };
    }

    private static Optional<Duration> time(boolean told, com.google.protobuf.Duration time) {
        return told ? Optional.of(Duration.ofSeconds(time.getSeconds(), time.getNanos())) : Optional.empty();
    }

    /** A worker whose clock is ahead must not outweigh the others. */
    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }
}
