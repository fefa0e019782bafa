package dev.tessera.pipeline.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/** Spans around records, joined into one trace by W3C trace context headers. */
final class Tracing {
    private static final W3CTraceContextPropagator PROPAGATOR = W3CTraceContextPropagator.getInstance();
    private static final TextMapGetter<Headers> GETTER = new HeaderGetter();

    private final Tracer tracer;

    Tracing(OpenTelemetry telemetry) {
        tracer = telemetry.getTracer("dev.tessera.pipeline");
    }

    /** A child of the current span. */
    Span publishing(OutgoingRecord record) {
        return tracer.spanBuilder("publish " + record.topic())
                .setSpanKind(SpanKind.PRODUCER)
                .setAttribute("messaging.system", "kafka")
                .setAttribute("messaging.operation.type", "send")
                .setAttribute("messaging.destination.name", record.topic())
                .setAttribute("messaging.kafka.message.key", record.jobId())
                .startSpan();
    }

    /** A child of the span that published the record. */
    Span handling(ConsumerRecord<String, byte[]> record, String group, int attempt) {
        return tracer.spanBuilder("process " + record.topic())
                .setParent(PROPAGATOR.extract(Context.root(), record.headers(), GETTER))
                .setSpanKind(SpanKind.CONSUMER)
                .setAttribute("messaging.system", "kafka")
                .setAttribute("messaging.operation.type", "process")
                .setAttribute("messaging.destination.name", record.topic())
                .setAttribute("messaging.consumer.group.name", group)
                .setAttribute("messaging.kafka.offset", record.offset())
                .setAttribute("messaging.kafka.delivery.count", attempt)
                .startSpan();
    }

    /** The task, as a part of the record's trace. */
    static Runnable within(ConsumerRecord<String, byte[]> record, Runnable task) {
        return PROPAGATOR.extract(Context.root(), record.headers(), GETTER).wrap(task);
    }

    /** Writes the span where its child will look for it. */
    static void inject(Span span, Headers headers) {
        PROPAGATOR.inject(Context.root().with(span), headers, (carrier, key, value) -> {
            if (carrier != null) {
                CloudEventHeaders.put(carrier, key, value);
            }
        });
    }

    static void end(Span span, @Nullable Throwable failure) {
        if (failure != null) {
            span.setStatus(StatusCode.ERROR, failure.getClass().getSimpleName());
        }
        span.end();
    }

    private static final class HeaderGetter implements TextMapGetter<Headers> {
        @Override
        public Iterable<String> keys(Headers headers) {
            List<String> keys = new ArrayList<>();
            headers.forEach(header -> keys.add(header.key()));
            return keys;
        }

        @Override
        public @Nullable String get(@Nullable Headers headers, String key) {
            if (headers == null) {
                return null;
            }
            Header header = headers.lastHeader(key);
            if (header == null) {
                return null;
            }
            return new String(header.value(), UTF_8);
        }
    }
}
