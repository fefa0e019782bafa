package dev.tessera.gateway;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;

/**
 * The body of an error (RFC 9457).
 *
 * @param type a URN that ends in the code
 * @param instance the path of the request
 * @param retryable whether the same request may succeed later
 * @param traceId empty when the request is not traced
 */
// No method of a resource names it, so nobody else tells a native executable that it is written by reflection.
@RegisterForReflection(targets = {Problem.class, FieldError.class})
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonPropertyOrder({"type", "title", "status", "detail", "instance", "code", "retryable", "trace_id", "errors"})
record Problem(
        String type,
        String title,
        int status,
        String detail,
        String instance,
        String code,
        boolean retryable,
        @JsonProperty("trace_id") String traceId,
        List<FieldError> errors) {

    static final String MEDIA_TYPE = "application/problem+json";

    static Problem of(GatewayException e, String instance, String traceId) {
        GatewayException.Reason reason = e.reason();
        return new Problem(
                "urn:tessera:problem:" + reason.key(),
                reason.title(),
                reason.status(),
                e.detail(),
                instance,
                reason.key(),
                reason.retryable(),
                traceId,
                e.errors());
    }
}
