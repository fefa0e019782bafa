package dev.tessera.pipeline;

/** The names of what a job leaves in the bucket. */
public final class JobObjects {
    private JobObjects() {}

    /** Of the finished job as JSON; it is there when the job has ended, and not before. */
    public static String record(String tenant, String jobId) {
        return folder(tenant, jobId) + "job.json";
    }

    public static String png(String tenant, String jobId, int imageIndex) {
        return folder(tenant, jobId) + imageIndex + ".png";
    }

    public static String tokens(String tenant, String jobId, int imageIndex) {
        return folder(tenant, jobId) + imageIndex + ".tokens.json";
    }

    private static String folder(String tenant, String jobId) {
        return tenant + "/" + jobId + "/";
    }
}
