package dev.tessera.generation;

import dev.tessera.pipeline.JobEvents;
import dev.tessera.v1.Job;
import dev.tessera.v1.JobEvent;
import java.time.Duration;

/** What a stage that makes tokens tells of an image. */
public interface StageEvents {
    JobEvent started(Job job, int imageIndex, int attempt);

    JobEvent progressed(Job job, int imageIndex, int tokensDone, int tokensTotal);

    /** @param engineTime what the image cost */
    JobEvent completed(Job job, int imageIndex, int tokens, Duration engineTime);

    /** Of the base grid. */
    static StageEvents ofGeneration(JobEvents events) {
        return new StageEvents() {
            @Override
            public JobEvent started(Job job, int imageIndex, int attempt) {
                return events.generationStarted(job, imageIndex, attempt);
            }

            @Override
            public JobEvent progressed(Job job, int imageIndex, int tokensDone, int tokensTotal) {
                return events.generationProgressed(job, imageIndex, tokensDone, tokensTotal);
            }

            @Override
            public JobEvent completed(Job job, int imageIndex, int tokens, Duration engineTime) {
                return events.generationCompleted(job, imageIndex, tokens, engineTime);
            }
        };
    }

    /** Of the high-resolution grid. */
    static StageEvents ofUpscaling(JobEvents events) {
        return new StageEvents() {
            @Override
            public JobEvent started(Job job, int imageIndex, int attempt) {
                return events.upscalingStarted(job, imageIndex, attempt);
            }

            @Override
            public JobEvent progressed(Job job, int imageIndex, int tokensDone, int tokensTotal) {
                return events.upscalingProgressed(job, imageIndex, tokensDone, tokensTotal);
            }

            @Override
            public JobEvent completed(Job job, int imageIndex, int tokens, Duration engineTime) {
                return events.upscalingCompleted(job, imageIndex, tokens, engineTime);
            }
        };
    }
}
