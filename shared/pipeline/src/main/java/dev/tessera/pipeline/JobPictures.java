package dev.tessera.pipeline;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;
import dev.tessera.pipeline.PipelineException.Reason;
import dev.tessera.v1.ConditionSource;
import dev.tessera.v1.EditSource;
import dev.tessera.v1.Job;
import java.util.Optional;

/**
 * The pictures that jobs bring along, among the {@link Claims} of their jobs: written once, gone when the job has ended.
 *
 * <p>Every method throws {@link dev.tessera.objectstore.ObjectStoreException}. Safe for use by many threads.
 */
public final class JobPictures {
    private final Claims claims;

    public JobPictures(Claims claims) {
        this.claims = claims;
    }

    /** Leaves the picture of a job that is about to be accepted; returns its name. */
    public String deposit(String jobId, EditSource source) {
        return claims.deposit(jobId, source.toByteArray());
    }

    /** Leaves the map of a job that is about to be accepted; returns its name. */
    public String deposit(String jobId, ConditionSource source) {
        return claims.deposit(jobId, source.toByteArray());
    }

    /**
     * The picture that a job begins with; empty when it was removed because the job has ended, which is no failure.
     *
     * @throws PipelineException when it is gone before its time, or is no such message
     */
    public Optional<EditSource> edited(Job job) {
        return fetch(job, job.getEdit().getSource(), EditSource.parser());
    }

    /**
     * The map that a job is conditioned on; empty when it was removed because the job has ended, which is no failure.
     *
     * @throws PipelineException when it is gone before its time, or is no such message
     */
    public Optional<ConditionSource> condition(Job job) {
        return fetch(job, job.getConditionMap().getSource(), ConditionSource.parser());
    }

    private <T> Optional<T> fetch(Job job, String name, Parser<T> parser) {
        Optional<byte[]> value = claims.fetch(name);
        if (value.isEmpty() && !claims.hasEnded(job.getTenant(), job.getId())) {
            throw new PipelineException(Reason.PAYLOAD_MISSING, "A picture of the job is not in the bucket any more");
        }
        return value.map(bytes -> parsed(bytes, parser));
    }

    private static <T> T parsed(byte[] value, Parser<T> parser) {
        try {
            return parser.parseFrom(value);
        } catch (InvalidProtocolBufferException e) {
            throw new PipelineException(Reason.MALFORMED_RECORD, "A picture of the job cannot be read", e);
        }
    }
}
