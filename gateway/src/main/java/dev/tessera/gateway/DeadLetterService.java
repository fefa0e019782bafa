package dev.tessera.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tessera.gateway.GatewayException.Reason;
import dev.tessera.pipeline.DeadLetter;
import dev.tessera.pipeline.DeadLetterLog;
import dev.tessera.pipeline.PipelineException;
import dev.tessera.v1.Job;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/** What operators can do with dead letters. Nothing here changes the dead-letter topic. */
public final class DeadLetterService {
    private static final Logger LOG = Logger.getLogger(DeadLetterService.class);

    private final DeadLetterLog log;
    private final JobRepeats repeats;

    public DeadLetterService(DeadLetterLog log, JobRepeats repeats) {
        this.log = log;
        this.repeats = repeats;
    }

    /** Newest first. */
    List<JsonNode> newest(int limit, long before) {
        return log.newest(limit, before).stream().map(this::document).toList();
    }

    /** @throws GatewayException when there is no such letter */
    JsonNode get(long id) {
        return log.find(id).map(this::document).orElseThrow(() -> notFound(id));
    }

    /**
     * Makes a new job of the letter's request; of all calls for one failed job, one.
     *
     * @throws GatewayException when there is no such letter, or its request cannot become a job
     */
    JobDocument replay(long id) {
        Job failed = job(id);
        if (!Tenant.isName(failed.getTenant())) {
            throw JobRepeats.refused("its job belongs to no tenant");
        }
        JobDocument job = repeats.repeat(failed);
        LOG.infof("dead letter replayed: letter=%d jobId=%s replay=%s", id, failed.getId(), job.id());
        return job;
    }

    private Job job(long id) {
        try {
            return log.job(id).orElseThrow(() -> notFound(id));
        } catch (PipelineException e) {
            throw switch (e.reason()) {
                case MALFORMED_RECORD -> JobRepeats.refused("its work cannot be read, so its request is not known");
                case PAYLOAD_MISSING -> JobRepeats.refused("its work is not in the bucket any more");
                default -> e;
            };
        }
    }

    private JsonNode document(DeadLetter letter) {
        Optional<JobDocument> replay = Tenant.isName(letter.tenant())
                ? repeats.find(new Tenant(letter.tenant()), letter.jobId())
                : Optional.empty();
        return DeadLetterDocument.of(letter, replay);
    }

    private static GatewayException notFound(long id) {
        return new GatewayException(
                Reason.DEAD_LETTER_NOT_FOUND,
                "there is no dead letter " + id + ", or the topic does not keep it any more");
    }
}
