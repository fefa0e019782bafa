package dev.tessera.e2e;

import dev.tessera.cli.stack.LocalStack;
import dev.tessera.cli.stack.ServiceMetrics;
import dev.tessera.cli.stack.StackService;
import dev.tessera.pipeline.Stage;
import dev.tessera.pipeline.Topics;
import dev.tessera.testkit.TopicReader;
import dev.tessera.v1.ImageConditioned;
import java.io.IOException;
import java.util.Collection;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What generators have handed over, and what they have drawn, as seen from outside. */
final class HandOvers {
    private HandOvers() {}

    /**
     * The images of a job that were handed over, each as it was the last time: whoever leaves may take an image that it has
     * just handed over with its last poll, and then hands it over once more.
     */
    static Collection<ImageConditioned> of(LocalStack stack, String model, String jobId) {
        return TopicReader.all(stack.ports().bootstrapServers(), topic -> Topics.isWork(topic, Stage.GENERATOR, model))
                .stream()
                .filter(record -> jobId.equals(record.key()))
                .filter(record -> record.headers().lastHeader("tessera-hand-overs") != null)
                .map(HandOvers::image)
                .collect(Collectors.toMap(ImageConditioned::getImageIndex, image -> image, (earlier, later) -> later))
                .values();
    }

    private static ImageConditioned image(ConsumerRecord<String, byte[]> record) {
        try {
            return ImageConditioned.parseFrom(record.value());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** How many tokens a generator has drawn since its start. */
    static int tokensDrawn(LocalStack replica) {
        return (int) ServiceMetrics.of(replica.ports(), StackService.GENERATOR)
                .values("tessera_generation_tokens_total")
                .sum();
    }
}
