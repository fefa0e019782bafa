package dev.tessera.pipeline.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Clock;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/** The attributes of a record, as the Kafka binding of CloudEvents 1.0 writes them in binary mode. */
final class CloudEventHeaders {
    static final String TYPE = "ce_type";
    static final String SUBJECT = "ce_subject";
    /** Where the value is when it is not in the record: the {@code dataref} extension (claim check). */
    static final String DATA_REFERENCE = "ce_dataref";
    /** An extension of our own: whose job it is, for the case that the value cannot be read. */
    static final String TENANT = "ce_tesseratenant";

    private static final String CONTENT_TYPE = "content-type";
    private static final String PROTOBUF = "application/protobuf";

    private final String source;
    private final Clock clock;

    /** @param source the service that publishes */
    CloudEventHeaders(String source, Clock clock) {
        this.source = source;
        this.clock = clock;
    }

    void write(OutgoingRecord record, Headers headers) {
        put(headers, "ce_specversion", "1.0");
        put(headers, "ce_id", UUID.randomUUID().toString());
        put(headers, "ce_source", "/tessera/" + source);
        put(headers, TYPE, record.type());
        put(headers, "ce_time", clock.instant().toString());
        put(headers, SUBJECT, record.jobId());
        put(headers, TENANT, record.tenant());
        put(headers, CONTENT_TYPE, PROTOBUF);
        record.headers().forEach((key, value) -> put(headers, key, value));
    }

    static void put(Headers headers, String key, String value) {
        headers.remove(key);
        headers.add(key, value.getBytes(UTF_8));
    }

    static Optional<String> text(Headers headers, String key) {
        return Optional.ofNullable(headers.lastHeader(key)).map(Header::value).map(bytes -> new String(bytes, UTF_8));
    }
}
