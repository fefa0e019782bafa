package dev.tessera.pipeline;

/** The names of the topics. */
public final class Topics {
    public static final String JOB_EVENTS = "tessera.job-events";
    public static final String CONTROL = "tessera.control";
    public static final String DEAD_LETTER = "tessera.dead-letter";

    private Topics() {}

    /** The work queue of one stage for one model: one topic with one partition. */
    public static String work(Stage stage, String model) {
        return "tessera." + stage.key() + "." + model;
    }
}
