package dev.tessera.gateway;

import dev.tessera.gateway.GatewayException.Reason;
import dev.tessera.objectstore.ObjectStoreException;
import dev.tessera.pipeline.PipelineException;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.Map;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Turns everything that goes wrong in a request into a problem; never a stack trace, never a page. */
final class Problems {
    private static final Logger LOG = Logger.getLogger(Problems.class);

    private final GatewayMetrics metrics;

    Problems(GatewayMetrics metrics) {
        this.metrics = metrics;
    }

    @ServerExceptionMapper
    Response gateway(GatewayException e, UriInfo uri) {
        metrics.rejected(e.reason());
        Problem problem = Problem.of(e, uri.getRequestUri().getRawPath(), traceId());
        Response.ResponseBuilder response =
                Response.status(e.reason().status()).type(Problem.MEDIA_TYPE).entity(problem);
        if (e.reason().retryable()) {
            response.header(HttpHeaders.RETRY_AFTER, e.reason().status() == 503 ? 5 : 1);
        }
        e.headers().forEach(response::header);
        return response.build();
    }

    @ServerExceptionMapper
    Response pipeline(PipelineException e, UriInfo uri) {
        LOG.warnf("event not published: reason=%s", e.reason().key());
        Reason reason =
                switch (e.reason()) {
                    case BROKER_UNAVAILABLE -> Reason.BROKER_UNAVAILABLE;
                    case BUCKET_UNAVAILABLE -> Reason.BUCKET_UNAVAILABLE;
                    default -> Reason.INTERNAL_ERROR;
                };
        return gateway(new GatewayException(reason, detail(reason)), uri);
    }

    /** A producer that gives up cannot know whether the broker wrote the record and only the confirmation was lost. */
    private static String detail(Reason reason) {
        return reason == Reason.BROKER_UNAVAILABLE
                ? "the event log did not confirm it in time; try again later, and send every try to submit a job with one"
                        + " Idempotency-Key, so that it becomes one job"
                : "nothing was done; try again later";
    }

    @ServerExceptionMapper
    Response bucket(ObjectStoreException e, UriInfo uri) {
        LOG.warnf(e, "bucket failed: reason=%s", e.reason().key());
        return gateway(
                new GatewayException(Reason.BUCKET_UNAVAILABLE, "the bucket gave no answer; try again later"), uri);
    }

    @ServerExceptionMapper
    Response http(WebApplicationException e, UriInfo uri) {
        Response given = e.getResponse();
        return switch (given.getStatus()) {
            case 404 -> gateway(new GatewayException(Reason.NOT_FOUND, "the API is described at /openapi"), uri);
            case 405 -> gateway(methodNotAllowed(uri.getPath()), uri);
            case 406 ->
                gateway(new GatewayException(Reason.NOT_ACCEPTABLE, "what is here is not of a type in Accept"), uri);
            case 413 -> gateway(new GatewayException(Reason.BODY_TOO_LARGE, "the body is too large"), uri);
            case 415 -> gateway(unsupportedMediaType(), uri);
            case 400 -> gateway(new GatewayException(Reason.BAD_REQUEST, "the request cannot be understood"), uri);
            default -> given.getStatus() < 400 ? given : unexpected(e, uri);
        };
    }

    @ServerExceptionMapper
    Response unexpected(Throwable e, UriInfo uri) {
        LOG.errorf(e, "request failed: traceId=%s", traceId());
        return gateway(new GatewayException(Reason.INTERNAL_ERROR, "this is not your fault; the log has more"), uri);
    }

    static GatewayException unsupportedMediaType() {
        return new GatewayException(
                Reason.UNSUPPORTED_MEDIA_TYPE, "a job is requested as Content-Type: application/json, in UTF-8");
    }

    /** Empty when the request is not traced. */
    static String traceId() {
        SpanContext context = Span.current().getSpanContext();
        return context.isValid() ? context.getTraceId() : "";
    }

    private static String allowedOfOne(String path) {
        if (path.startsWith("/v1/jobs")) {
            return "DELETE, GET, HEAD";
        }
        return path.startsWith("/v1/pools") ? "GET, HEAD, PATCH" : "GET, HEAD";
    }

    /** An answer 405 must say what is allowed (RFC 9110, section 15.5.6), and the framework does not tell. */
    private static GatewayException methodNotAllowed(String path) {
        String allowed =
                switch (path.split("/").length) {
                    case 3 -> path.startsWith("/v1/jobs") ? "GET, HEAD, POST" : "GET, HEAD";
                    case 4 -> allowedOfOne(path);
                    case 5 -> path.startsWith("/v1/dead-letters") ? "POST" : "GET, HEAD";
                    default -> "GET, HEAD";
                };
        return new GatewayException(
                Reason.METHOD_NOT_ALLOWED, "the path takes " + allowed, List.of(), Map.of(HttpHeaders.ALLOW, allowed));
    }
}
