package dev.tessera.pipeline;

/** The names of the topics. */
public final class Topics {
    public static final String JOB_EVENTS = "tessera.job-events";
    public static final String CONTROL = "tessera.control";
    public static final String DEAD_LETTER = "tessera.dead-letter";

    private static final String PREFIX = "tessera.";
    /** Of the digest's hex digits: enough to tell the versions of one model apart, and short enough to read. */
    private static final int DIGITS = 12;

    private Topics() {}

    /** The work queue of one stage for one version of a model: one topic with one partition. */
    public static String work(Stage stage, ModelVersion version) {
        String digest = version.digest();
        return ofModel(stage, version.model()) + digest.substring(0, Math.min(DIGITS, digest.length()));
    }

    /** Whether a topic is the work queue of the stage for any version of the model. */
    public static boolean isWork(String topic, Stage stage, String model) {
        String start = ofModel(stage, model);
        return topic.startsWith(start) && topic.indexOf('.', start.length()) < 0;
    }

    private static String ofModel(Stage stage, String model) {
        return PREFIX + stage.key() + "." + model + ".";
    }
}
