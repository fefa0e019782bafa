package dev.tessera.pipeline.kafka;

import dev.tessera.pipeline.Delivery;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.header.Headers;

/**
 * What a record tells of the workers that have left its work to others. The broker counts the deliveries of each record
 * anew, so what went before travels along.
 *
 * @param times how often the work was left
 * @param failures how many attempts had failed before it was left
 */
record HandOver(int times, int failures) {
    static final String TIMES = "tessera-hand-overs";
    static final String FAILURES = "tessera-failed-attempts";

    /** Who is left more often than this is not only unlucky; from then on leaving counts as an attempt. */
    static final int FREE = 16;

    static HandOver of(Headers headers) {
        return new HandOver(number(headers, TIMES), number(headers, FAILURES));
    }

    /** For the record that is left now. */
    static HandOver after(Delivery delivery) {
        int times = delivery.handOvers() + 1;
        return new HandOver(times, times > FREE ? delivery.attempt() : delivery.attempt() - 1);
    }

    /** @param deliveries of this record so far */
    int attempt(int deliveries) {
        return failures + deliveries;
    }

    Map<String, String> headers() {
        return Map.of(TIMES, String.valueOf(times), FAILURES, String.valueOf(failures));
    }

    private static int number(Headers headers, String key) {
        Optional<String> text = CloudEventHeaders.text(headers, key);
        return text.isPresent() && text.get().matches("[0-9]{1,6}") ? Integer.parseInt(text.get()) : 0;
    }
}
