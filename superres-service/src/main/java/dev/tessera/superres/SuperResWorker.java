package dev.tessera.superres;

import dev.tessera.generation.GenerationException;
import dev.tessera.generation.GenerationException.Reason;
import dev.tessera.generation.GenerationObserver;
import dev.tessera.generation.GenerationOutcome;
import dev.tessera.generation.GenerationRequest;
import dev.tessera.generation.Generators;
import dev.tessera.generation.ImageWork;
import dev.tessera.generation.ImageWorker;
import dev.tessera.generation.PartialImage;
import dev.tessera.inference.Drawing;
import dev.tessera.inference.TokenGrid;
import dev.tessera.pipeline.Delivery;
import dev.tessera.pipeline.TokenMessages;
import dev.tessera.pipeline.WorkPublisher;
import dev.tessera.v1.Job;
import dev.tessera.v1.LowResolutionTokens;
import io.smallrye.reactive.messaging.annotations.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.CompletableFuture;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** Takes base grids with their text, and gives the decoder the high-resolution grids. */
@ApplicationScoped
public class SuperResWorker {
    private final Generators generators;
    private final WorkPublisher work;
    private final ImageWorker worker;

    SuperResWorker(Generators generators, WorkPublisher work, ImageWorker worker) {
        this.generators = generators;
        this.work = work;
        this.worker = worker;
    }

    /** As {@link ImageWorker#make}. */
    @Incoming("work")
    @Blocking(value = "work", ordered = false)
    public void upscale(LowResolutionTokens low, Delivery delivery) {
        worker.make(new UpscaledImage(low), delivery);
    }

    private final class UpscaledImage implements ImageWork {
        private final LowResolutionTokens low;

        UpscaledImage(LowResolutionTokens low) {
            this.low = low;
        }

        @Override
        public Job job() {
            return low.getJob();
        }

        @Override
        public int imageIndex() {
            return low.getImageIndex();
        }

        @Override
        public CompletableFuture<GenerationOutcome> begin(GenerationObserver observer) {
            var stage = generators.superResolution(job()).orElseThrow();
            var request = GenerationRequest.upscaling(
                    stage, job(), imageIndex(), base(), low.getConditioning(), low.getUnconditional());
            return generators.of(job()).generate(request.after(PartialImage.of(low.getPartial())), observer);
        }

        private TokenGrid base() {
            try {
                return TokenMessages.read(low.getTokens());
            } catch (IllegalArgumentException e) {
                throw new GenerationException.Unservable(
                        Reason.INVALID_REQUEST, "malformed base tokens: " + e.getMessage(), e);
            }
        }

        @Override
        public void handOver(PartialImage done, Delivery delivery) {
            work.handOver(low.toBuilder().setPartial(done.message()).build(), delivery);
        }

        @Override
        public void publish(Drawing drawing) {
            work.publish(TokenMessages.generated(job(), imageIndex(), drawing));
        }
    }
}
