package dev.tessera.generator;

import dev.tessera.generation.GenerationObserver;
import dev.tessera.generation.GenerationOutcome;
import dev.tessera.generation.GenerationRequest;
import dev.tessera.generation.Generators;
import dev.tessera.generation.ImageWork;
import dev.tessera.generation.ImageWorker;
import dev.tessera.generation.PartialImage;
import dev.tessera.inference.Drawing;
import dev.tessera.pipeline.Delivery;
import dev.tessera.pipeline.TokenMessages;
import dev.tessera.pipeline.WorkPublisher;
import dev.tessera.v1.ImageConditioned;
import dev.tessera.v1.Job;
import io.smallrye.reactive.messaging.annotations.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.CompletableFuture;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** Takes conditioned images and passes their tokens on: to super-resolution where the model has it, or to the decoder. */
@ApplicationScoped
public class GeneratorWorker {
    private final Generators generators;
    private final WorkPublisher work;
    private final ImageWorker worker;

    GeneratorWorker(Generators generators, WorkPublisher work, ImageWorker worker) {
        this.generators = generators;
        this.work = work;
        this.worker = worker;
    }

    /** As {@link ImageWorker#make}. */
    @Incoming("work")
    @Blocking(value = "work", ordered = false)
    public void generate(ImageConditioned conditioned, Delivery delivery) {
        worker.make(new BaseImage(conditioned), delivery);
    }

    /** One image of base-resolution tokens. */
    private final class BaseImage implements ImageWork {
        private final ImageConditioned conditioned;

        BaseImage(ImageConditioned conditioned) {
            this.conditioned = conditioned;
        }

        @Override
        public Job job() {
            return conditioned.getJob();
        }

        @Override
        public int imageIndex() {
            return conditioned.getImageIndex();
        }

        @Override
        public CompletableFuture<GenerationOutcome> begin(GenerationObserver observer) {
            return generators.of(job()).generate(GenerationRequest.of(conditioned), observer);
        }

        @Override
        public void handOver(PartialImage done, Delivery delivery) {
            work.handOver(conditioned.toBuilder().setPartial(done.message()).build(), delivery);
        }

        @Override
        public void publish(Drawing drawing) {
            if (generators.superResolution(job()).isPresent()) {
                work.publish(TokenMessages.lowResolution(conditioned, TokenMessages.of(drawing.tokens())));
            } else {
                work.publish(TokenMessages.generated(job(), imageIndex(), drawing));
            }
        }
    }
}
