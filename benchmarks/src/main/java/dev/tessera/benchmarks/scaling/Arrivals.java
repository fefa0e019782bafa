package dev.tessera.benchmarks.scaling;

/** How many images are asked for, by the hour of the day. */
sealed interface Arrivals {
    double DAY = 86_400;

    /** Images a second at a time, in seconds. */
    double rate(double time);

    /** No less than the rate ever is. */
    double peak();

    /** The same all day. */
    record Steady(double perSecond) implements Arrivals {
        @Override
        public double rate(double time) {
            return perSecond;
        }

        @Override
        public double peak() {
            return perSecond;
        }
    }

    /**
     * A sine over the day, with its trough at midnight.
     *
     * @param swing 0 for none, 1 to reach nothing at the trough
     */
    record Diurnal(double mean, double swing) implements Arrivals {
        @Override
        public double rate(double time) {
            return mean * (1 - swing * Math.cos(2 * Math.PI * time / DAY));
        }

        @Override
        public double peak() {
            return mean * (1 + swing);
        }
    }

    /**
     * Nothing, or little, and then much at once.
     *
     * @param every seconds from one burst to the next
     * @param length seconds of a burst
     */
    record Bursts(double base, double burst, double every, double length) implements Arrivals {
        @Override
        public double rate(double time) {
            return time % every < length ? burst : base;
        }

        @Override
        public double peak() {
            return Math.max(base, burst);
        }
    }
}
