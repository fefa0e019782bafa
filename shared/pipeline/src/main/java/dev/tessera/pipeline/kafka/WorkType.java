package dev.tessera.pipeline.kafka;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import dev.tessera.pipeline.PipelineException;
import dev.tessera.pipeline.PipelineException.Reason;
import dev.tessera.pipeline.Stage;
import dev.tessera.v1.ImageConditioned;
import dev.tessera.v1.Job;
import dev.tessera.v1.JobSubmitted;
import dev.tessera.v1.LowResolutionTokens;
import dev.tessera.v1.TokensGenerated;

/** The message that is the work of a stage. */
enum WorkType {
    JOB_SUBMITTED(Stage.TOKENIZER, JobSubmitted.getDefaultInstance()),
    IMAGE_CONDITIONED(Stage.GENERATOR, ImageConditioned.getDefaultInstance()),
    LOW_RESOLUTION_TOKENS(Stage.SUPERRES, LowResolutionTokens.getDefaultInstance()),
    TOKENS_GENERATED(Stage.DECODER, TokensGenerated.getDefaultInstance());

    private final Stage stage;
    private final String fullName;
    private final Parser<? extends Message> parser;

    WorkType(Stage stage, Message prototype) {
        this.stage = stage;
        fullName = prototype.getDescriptorForType().getFullName();
        parser = prototype.getParserForType();
    }

    static WorkType of(Stage stage) {
        for (WorkType type : values()) {
            if (type.stage == stage) {
                return type;
            }
        }
        throw new IllegalArgumentException("Stage " + stage.key() + " takes no work from a queue");
    }

    /** The job of any stage's work; throws {@link PipelineException} with MALFORMED_RECORD where it is none. */
    static Job jobOf(String declaredType, byte[] value) {
        for (WorkType type : values()) {
            if (type.fullName.equals(declaredType)) {
                return job(type.parse(declaredType, value));
            }
        }
        throw new PipelineException(Reason.MALFORMED_RECORD, "The record is no work of any stage");
    }

    /** Throws {@link PipelineException} with MALFORMED_RECORD unless it is a message of this type for a job. */
    Message parse(String declaredType, byte[] value) {
        if (!declaredType.equals(fullName)) {
            throw new PipelineException(Reason.MALFORMED_RECORD, "The record is not a " + fullName);
        }
        try {
            Message message = parser.parseFrom(value);
            if (job(message).getId().isBlank()) {
                throw new PipelineException(Reason.MALFORMED_RECORD, "The " + fullName + " belongs to no job");
            }
            return message;
        } catch (InvalidProtocolBufferException e) {
            throw new PipelineException(Reason.MALFORMED_RECORD, "The record cannot be read as " + fullName, e);
        }
    }

    private static Job job(Message message) {
        return switch (message) {
            case JobSubmitted work -> work.getJob();
            case ImageConditioned work -> work.getJob();
            case LowResolutionTokens work -> work.getJob();
            case TokensGenerated work -> work.getJob();
            default -> Job.getDefaultInstance();
        };
    }
}
