package dev.tessera.tokenizer;

import static dev.tessera.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.protobuf.ByteString;
import dev.tessera.testkit.TesseraTestResource;
import dev.tessera.testmodels.TinyAmused;
import dev.tessera.testmodels.TinyAmusedResource;
import dev.tessera.v1.ImageConditioned;
import dev.tessera.v1.Job;
import dev.tessera.v1.JobSubmitted;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

/** The service on a real broker and a real S3 server, with a tiny aMUSEd model. */
@QuarkusTest
@QuarkusTestResource(TesseraTestResource.class)
@QuarkusTestResource(value = TinyAmusedResource.class, restrictToAnnotatedClass = true)
class MaskedServiceIT extends TokenizerServiceFixture {
    private final TinyAmused tiny = TinyAmused.plain();

    @Test
    void shouldConditionOnThePaddedPromptAndLeadAwayFromTheEmptyOne() {
        // Given
        Job job = job().setPrompt(tiny.prompt(0)).build();

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

    private static float[] floats(ByteString bytes) {
        var buffer = bytes.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
        float[] floats = new float[buffer.remaining()];
        buffer.get(floats);
        return floats;
    }
}
