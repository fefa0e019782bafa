package dev.tessera.benchmarks.scaling;

/** What the number of replicas follows. */
enum Signal {
    /**
     * Seconds of work queued and in flight over a target, as Tessera's gateway tells KEDA: an image counts as much engine time as images
     * took of late. Work wakes a pool of none at once.
     */
    AS_MEASURED("seconds, as measured"),
    /** The same, but an image counts as much as it takes in a full batch. */
    FULL_BATCHES("seconds, in full batches"),
    /** That, but no fewer replicas than the work that came in over five minutes would keep busy for 80 % of their time. */
    WITH_ARRIVALS("full batches and arrivals"),
    /** Messages queued and in flight over a target: the same, had each image the mean cost. KEDA looks every 15 seconds. */
    MESSAGES("messages"),
    /** The share of the time that replicas are busy, at 70 %, over the last minute. A pool of none stays so: it has at least one. */
    BUSY("busy replicas");

    private final String label;

    Signal(String label) {
        this.label = label;
    }

    String label() {
        return label;
    }
}
