package dev.tessera.gateway;

import java.util.List;
import java.util.OptionalDouble;

/**
 * How a pool stands at one moment.
 *
 * @param active whether there is work for it, here or on its way
 * @param queuedSeconds its share of the engine time that images need which could be begun
 * @param inFlightSeconds its share of the engine time that is left of those begun
 * @param load the jobs and images behind this, whole
 * @param rates one for each model
 * @param perSecond Seconds of engine time of work done per second, of late
 */
public record PoolReading(
        Pool pool,
        boolean active,
        double queuedSeconds,
        double inFlightSeconds,
        Load load,
        List<Rate> rates,
        double perSecond) {
    public PoolReading {
        rates = List.copyOf(rates);
    }

    /** Engine time queued and in flight: what the pool is scaled by. */
    public double seconds() {
        return queuedSeconds + inFlightSeconds;
    }

    /** Seconds until all of it is done if it goes on as of late; empty when nothing was done of late. */
    public OptionalDouble etaSeconds() {
        if (seconds() == 0) {
            return OptionalDouble.of(0);
        }
        return perSecond > 0 ? OptionalDouble.of(seconds() / perSecond) : OptionalDouble.empty();
    }

    /**
     * @param upstream images that an earlier stage has to do first
     */
    public record Load(long jobs, long upstream, long queued, long inFlight) {}

    /**
     * @param secondsPerImage engine time of an image with the model's own parameters
     * @param measured whether images were measured; otherwise it is what the bundle declares, or a guess
     */
    public record Rate(String model, double secondsPerImage, boolean measured) {}
}
