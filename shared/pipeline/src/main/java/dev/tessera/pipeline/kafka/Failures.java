package dev.tessera.pipeline.kafka;

import dev.tessera.pipeline.PermanentFailure;
import dev.tessera.pipeline.PipelineException;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** What an exception means for the work item in whose handling it came up. */
final class Failures {
    private static final int DETAIL_LENGTH = 500;

    private Failures() {}

    /** What the layers between the worker and the slot have wrapped. */
    static Throwable causeOf(Throwable thrown) {
        Throwable cause = thrown.getCause();
        if (cause != null && (thrown instanceof ExecutionException || thrown instanceof CompletionException)) {
            return causeOf(cause);
        }
        return thrown;
    }

    /** Why it fails for good; empty when another attempt may succeed. */
    static Optional<Verdict> permanent(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof PermanentFailure failure) {
                return Optional.of(new Verdict(failure.reason(), detail(cause)));
            }
            if (cause instanceof PipelineException failure && isPermanent(failure.reason())) {
                return Optional.of(new Verdict(failure.reason().key(), detail(cause)));
            }
        }
        return Optional.empty();
    }

    /** Not the message of the exception: it may be anyone's and quote anything. */
    static Verdict exhausted(Throwable last) {
        return new Verdict(
                PipelineException.Reason.ATTEMPTS_EXHAUSTED.key(), "The last attempt ended with " + name(last));
    }

    /** For metrics and logs. */
    static String reason(Throwable thrown) {
        Throwable cause = causeOf(thrown);
        if (cause instanceof PipelineException failure) {
            return failure.reason().key();
        }
        return permanent(cause).map(Verdict::reason).orElse("transient");
    }

    static String name(Throwable thrown) {
        Throwable innermost = thrown;
        while (innermost.getCause() != null) {
            innermost = innermost.getCause();
        }
        return innermost.getClass().getSimpleName();
    }

    private static boolean isPermanent(PipelineException.Reason reason) {
        return switch (reason) {
            case PAYLOAD_MISSING, PAYLOAD_TOO_LARGE, MALFORMED_RECORD, ATTEMPTS_EXHAUSTED -> true;
            case BROKER_UNAVAILABLE, BUCKET_UNAVAILABLE -> false;
        };
    }

    private static String detail(Throwable cause) {
        String message = cause.getMessage();
        if (message == null) {
            return cause.getClass().getSimpleName();
        }
        return message.substring(0, Math.min(message.length(), DETAIL_LENGTH));
    }

    /**
     * How a work item ends that could not be done.
     *
     * @param reason machine-readable
     * @param detail for people
     */
    record Verdict(String reason, String detail) {}
}
