package dev.tessera.tokenizer;

import dev.tessera.tokenizer.TokenizerException.Reason;
import dev.tessera.v1.Conditioning;
import dev.tessera.v1.ImageConditioned;
import dev.tessera.v1.Job;

/** Conditions on one of a model's classes. */
public final class ClassConditioner implements Conditioner {
    private final int classes;
    private final boolean editsWithoutClass;

    /** @param classes how many the model has */
    public ClassConditioner(int classes) {
        this(classes, false);
    }

    /** @param editsWithoutClass whether an edit may name no class, so that it is the picture alone that conditions */
    public ClassConditioner(int classes, boolean editsWithoutClass) {
        this.classes = classes;
        this.editsWithoutClass = editsWithoutClass;
    }

    @Override
    public ImageConditioned condition(Job job) {
        if (editsWithoutClass && job.hasEdit() && job.getConditionCase() == Job.ConditionCase.CONDITION_NOT_SET) {
            return ImageConditioned.newBuilder().setJob(job).build();
        }
        if (!job.hasClassId() || !job.getNegativePrompt().isEmpty()) {
            throw new TokenizerException(Reason.CONDITION_MISMATCH, job.getModel() + " takes a class, not a prompt");
        }
        if (Integer.compareUnsigned(job.getClassId(), classes) >= 0) {
            throw new TokenizerException(
                    Reason.UNKNOWN_CLASS,
                    "class " + Integer.toUnsignedString(job.getClassId()) + " is not one of 0 to " + (classes - 1));
        }
        return ImageConditioned.newBuilder()
                .setJob(job)
                .setConditioning(Conditioning.newBuilder().setClassId(job.getClassId()))
                .build();
    }
}
