package dev.tessera.pipeline;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tessera.pipeline.PipelineException.Reason;
import dev.tessera.v1.EditSource;
import dev.tessera.v1.Job;
import java.util.Optional;

/**
 * The pictures that edits begin with, among the {@link Claims} of their jobs: written once, gone when the job has ended.
 *
 * <p>Every method throws {@link dev.tessera.objectstore.ObjectStoreException}. Safe for use by many threads.
 */
public final class EditSources {
    private final Claims claims;

    public EditSources(Claims claims) {
        this.claims = claims;
    }

    /** Leaves the picture of a job that is about to be accepted; returns its name. */
    public String deposit(String jobId, EditSource source) {
        return claims.deposit(jobId, source.toByteArray());
    }

    /**
     * The picture that a job begins with; empty when it was removed because the job has ended, which is no failure.
     *
     * @throws PipelineException when it is gone before its time, or is no such message
     */
    public Optional<EditSource> of(Job job) {
        Optional<byte[]> value = claims.fetch(job.getEdit().getSource());
        if (value.isEmpty() && !claims.hasEnded(job.getTenant(), job.getId())) {
            throw new PipelineException(Reason.PAYLOAD_MISSING, "The picture to edit is not in the bucket any more");
        }
        return value.map(EditSources::parsed);
    }

    private static EditSource parsed(byte[] value) {
        try {
            return EditSource.parseFrom(value);
        } catch (InvalidProtocolBufferException e) {
            throw new PipelineException(Reason.MALFORMED_RECORD, "The picture to edit cannot be read", e);
        }
    }
}
