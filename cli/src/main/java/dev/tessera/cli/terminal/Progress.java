package dev.tessera.cli.terminal;

import java.time.Duration;

/**
 * How far a job is.
 *
 * @param status the job's
 * @param tokensTotal 0 while unknown
 * @param elapsed since the first token was reported
 * @param tokensAtFirst tokens that the first report had; they say nothing about the speed
 */
public record Progress(
        String status,
        int tokensDone,
        int tokensTotal,
        int imagesDone,
        int imagesTotal,
        Duration elapsed,
        int tokensAtFirst) {

    /** Between 0 and 1. */
    public double fraction() {
        return tokensTotal == 0 ? 0 : Math.min(1, (double) tokensDone / tokensTotal);
    }

    /** Tokens per second; 0 while unknown. */
    public double speed() {
        double seconds = elapsed.toMillis() / 1000.0;
        int measured = tokensDone - tokensAtFirst;
        return measured <= 0 || seconds <= 0 ? 0 : measured / seconds;
    }

    /** Seconds until the last token; negative while unknown. */
    public long secondsLeft() {
        double speed = speed();
        return speed == 0 ? -1 : Math.round(Math.ceil((tokensTotal - tokensDone) / speed));
    }
}
