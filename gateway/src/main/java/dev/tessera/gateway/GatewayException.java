package dev.tessera.gateway;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A request that cannot be answered as it stands. Becomes a problem (RFC 9457) in HTTP. */
public class GatewayException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final Reason reason;
    private final transient List<FieldError> errors;
    private final transient Map<String, String> headers;

    public GatewayException(Reason reason, String detail) {
        this(reason, detail, List.of(), Map.of());
    }

    public GatewayException(Reason reason, String detail, List<FieldError> errors) {
        this(reason, detail, errors, Map.of());
    }

    /**
     * @param detail for people; never a prompt
     * @param headers to answer with, beside the reason's own
     */
    public GatewayException(Reason reason, String detail, List<FieldError> errors, Map<String, String> headers) {
        super(detail);
        this.reason = reason;
        this.errors = List.copyOf(errors);
        this.headers = Map.copyOf(headers);
    }

    public Reason reason() {
        return reason;
    }

    public String detail() {
        return String.valueOf(getMessage());
    }

    public List<FieldError> errors() {
        return errors;
    }

    public Map<String, String> headers() {
        return headers;
    }

    /** The reason is the problem's code and the metric tag. */
    public enum Reason {
        MALFORMED_JSON(400, "The body is not JSON"),
        INVALID_REQUEST(400, "The request has fields that cannot be used"),
        INVALID_TENANT(400, "The tenant is not a name"),
        INVALID_QUERY(400, "The query has parameters that cannot be used"),
        INVALID_IDEMPOTENCY_KEY(400, "The idempotency key cannot be used"),
        BAD_REQUEST(400, "The request cannot be understood"),
        NOT_FOUND(404, "There is nothing here"),
        JOB_NOT_FOUND(404, "There is no such job"),
        MODEL_NOT_FOUND(404, "There is no such model"),
        POOL_NOT_FOUND(404, "There is no such pool"),
        DEAD_LETTER_NOT_FOUND(404, "There is no such dead letter"),
        IMAGE_NOT_READY(404, "The image is not there yet"),
        IMAGE_NOT_MADE(404, "The image was not made"),
        IMAGE_NOT_FOUND(404, "The job has no such image"),
        METHOD_NOT_ALLOWED(405, "The method is not for this path"),
        NOT_ACCEPTABLE(406, "The answer does not come in that form"),
        JOB_FINISHED(409, "The job has ended"),
        DEAD_LETTER_NOT_REPLAYABLE(409, "The dead letter cannot be replayed"),
        BODY_TOO_LARGE(413, "The body is too large"),
        UNSUPPORTED_MEDIA_TYPE(415, "The body is not of a type that can be read"),
        IDEMPOTENCY_KEY_REUSED(422, "The idempotency key belongs to another request"),
        INTERNAL_ERROR(500, "The gateway made a mistake"),
        NO_CLUSTER(501, "The gateway does not look after a cluster"),
        BROKER_UNAVAILABLE(503, "The event log is away"),
        BUCKET_UNAVAILABLE(503, "The bucket is away"),
        CLUSTER_UNAVAILABLE(503, "The Kubernetes API did not do it"),
        NOT_READY(503, "The gateway is not ready"),
        TOO_MANY_PICTURES(503, "Too many pictures at once");

        private final int status;
        private final String title;

        Reason(int status, String title) {
            this.status = status;
            this.title = title;
        }

        public String key() {
            return name().toLowerCase(Locale.ROOT);
        }

        public int status() {
            return status;
        }

        public String title() {
            return title;
        }

        /** Whether the same request may succeed later. */
        public boolean retryable() {
            return status == 503 || this == IMAGE_NOT_READY;
        }
    }
}
