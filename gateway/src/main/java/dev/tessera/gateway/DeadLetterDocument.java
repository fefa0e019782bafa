package dev.tessera.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tessera.pipeline.DeadLetter;
import java.util.Optional;

/** A dead letter as JSON; what a client asked for is not in it. */
final class DeadLetterDocument {
    private DeadLetterDocument() {}

    /** @param replay the job that was made of it */
    static JsonNode of(DeadLetter letter, Optional<JobDocument> replay) {
        DeadLetter.End end = letter.end();
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("id", Long.toString(letter.id())).put("object", "dead_letter");
        body.put("buried_at", JobDocument.time(letter.buriedAt()));
        putUnlessEmpty(body, "job", letter.jobId());
        putUnlessEmpty(body, "tenant", letter.tenant());
        putUnlessEmpty(body, "model", end.model());
        putUnlessEmpty(body, "stage", end.stage());
        putUnlessEmpty(body, "reason", end.reason());
        putUnlessEmpty(body, "detail", end.detail());
        if (end.attempt() > 0) {
            body.put("attempt", end.attempt());
        }
        if (!end.origin().topic().isEmpty()) {
            body.putObject("origin")
                    .put("topic", end.origin().topic())
                    .put("offset", end.origin().offset());
        }
        replay.ifPresent(job -> body.putObject("replay").put("job", job.id()).put("status", job.status()));
        return body;
    }

    private static void putUnlessEmpty(ObjectNode body, String name, String value) {
        if (!value.isEmpty()) {
            body.put(name, value);
        }
    }
}
