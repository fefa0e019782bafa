package dev.tessera.tokenizer;

import static dev.tessera.testkit.Eventually.eventually;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.protobuf.ByteString;
import dev.tessera.inference.bundle.ModelBundle;
import dev.tessera.inference.bundle.ModelsConfig;
import dev.tessera.pipeline.WorkPublisher;
import dev.tessera.testkit.TesseraTestResource;
import dev.tessera.testmodels.TinyAmused;
import dev.tessera.testmodels.TinyAmusedResource;
import dev.tessera.v1.ImageConditioned;
import dev.tessera.v1.Job;
import dev.tessera.v1.JobSubmitted;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.nio.ByteOrder;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** The service on a real broker and a real S3 server, with a tiny aMUSEd model. */
@QuarkusTest
@QuarkusTestResource(TesseraTestResource.class)
@QuarkusTestResource(value = TinyAmusedResource.class, restrictToAnnotatedClass = true)
class MaskedServiceIT {
    private final TinyAmused tiny = TinyAmused.plain();

    @Inject
    WorkPublisher work;

    @Inject
    ModelsConfig models;

    @Inject
    @ConfigProperty(name = "kafka.bootstrap.servers")
    String bootstrapServers;

    @Test
    void shouldConditionOnThePaddedPromptAndLeadAwayFromTheEmptyOne() {
        // Given
        eventually(() -> given().get("/q/health/ready").then().statusCode(200));
        ModelBundle bundle = ModelBundle.open(models.directories().getFirst());
        Job job = Jobs.job()
                .setId(UUID.randomUUID().toString())
                .setModel(bundle.name())
                .setModelDigest(bundle.digest())
                .setPrompt(tiny.prompt(0))
                .build();
        try (var generatorQueue = new GeneratorQueue(bootstrapServers, bundle)) {
            // When
            work.publish(JobSubmitted.newBuilder().setJob(job).build());

            // Then
            eventually(() -> assertThat(generatorQueue.of(job.getId()))
                    .extracting(ImageConditioned::getImageIndex)
                    .containsExactly(0, 1, 2));
            eventually(() -> assertThat(generatorQueue.of(job.getId())).allSatisfy(image -> {
                var prompt = image.getConditioning().getText();
                var empty = image.getUnconditional().getText();
                assertThat(floats(prompt.getFloats())).containsExactly(tiny.states(0), within(1e-4f));
                assertThat(floats(prompt.getPooled())).containsExactly(tiny.pooled(0), within(1e-4f));
                assertThat(floats(empty.getFloats())).containsExactly(tiny.negativeStates(0), within(1e-4f));
            }));
        }
    }

    private static float[] floats(ByteString bytes) {
        var buffer = bytes.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
        float[] floats = new float[buffer.remaining()];
        buffer.get(floats);
        return floats;
    }
}
