package dev.tessera.pipeline;

/**
 * Marks an exception that no repetition can cure: the work item goes to the dead letters and its job fails at once. The
 * exception's message is the detail that the client reads, so it names no prompt, path or secret. Every other exception
 * is retried, with back-off, until its attempts are used up.
 */
public interface PermanentFailure {
    /** Machine-readable, in lower case with underscores: metric tag, dead-letter header and reason of the failed job. */
    String reason();
}
