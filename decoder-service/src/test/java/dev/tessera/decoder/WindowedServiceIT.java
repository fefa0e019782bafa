package dev.tessera.decoder;

import static dev.tessera.testkit.Eventually.eventually;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.inference.TokenGrid;
import dev.tessera.inference.bundle.ModelBundle;
import dev.tessera.inference.bundle.ModelsConfig;
import dev.tessera.objectstore.ObjectStore;
import dev.tessera.pipeline.JobEventLog;
import dev.tessera.pipeline.WorkPublisher;
import dev.tessera.testkit.TesseraTestResource;
import dev.tessera.testmodels.TinyTaming;
import dev.tessera.testmodels.TinyTamingResource;
import dev.tessera.v1.Job;
import dev.tessera.v1.JobEvent;
import dev.tessera.v1.TokensGenerated;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.imageio.ImageIO;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The service on a real broker and a real S3 server, with a tiny VQGAN + GPT model. */
@QuarkusTest
@QuarkusTestResource(TesseraTestResource.class)
@QuarkusTestResource(value = TinyTamingResource.class, restrictToAnnotatedClass = true)
class WindowedServiceIT {
    private final TinyTaming tiny = TinyTaming.classes();

    @Inject
    WorkPublisher work;

    @Inject
    JobEventLog log;

    @Inject
    ObjectStore store;

    @Inject
    ModelsConfig models;

    private final List<JobEvent> events = new CopyOnWriteArrayList<>();
    private ModelBundle bundle;
    private JobEventLog.Following following;

    @BeforeEach
    void start() {
        eventually(() -> given().get("/q/health/ready").then().statusCode(200));
        bundle = ModelBundle.open(models.directories().getFirst());
        following = log.follow(Duration.ofMinutes(10), events::add);
    }

    @AfterEach
    void stop() {
        following.close();
    }

    @Test
    void shouldLeaveThePicturesOfTheReferenceInEverySize() throws IOException {
        for (int index = 0; index < tiny.images(); index++) {
            // Given
            Job job = job();
            TokenGrid tokens = tiny.tokens(index);

            // When
            work.publish(generated(job, tokens));

            // Then
            awaitEvent(job, JobEvent.EventCase.IMAGE_STORED);
            BufferedImage image = ImageIO.read(new ByteArrayInputStream(
                    store.get("acme/" + job.getId() + "/0.png").orElseThrow()));
            assertThat(image.getWidth()).isEqualTo(4 * tokens.columns());
            assertThat(image.getHeight()).isEqualTo(4 * tokens.rows());
            assertThat(redOf(image)).containsExactly(expectedRed(index), Offset.offset(1f));
            String json = new String(
                    store.get("acme/" + job.getId() + "/0.tokens.json").orElseThrow(), StandardCharsets.UTF_8);
            assertThat(json).startsWith("{\"grid\":[" + tokens.rows() + "," + tokens.columns() + "],\"codebook\":64,");
        }
    }

    @Test
    void shouldFailTheJobForGoodWhenTheModelMakesNoSuchGrid() {
        // Given
        Job job = job();

        // When
        work.publish(generated(job, new TokenGrid(3, 4, 64, new int[12])));

        // Then
        assertThat(awaitEvent(job, JobEvent.EventCase.FAILED).getFailed().getReason())
                .isEqualTo("grid_mismatch");
    }

    private float[] redOf(BufferedImage image) {
        float[] red = new float[image.getWidth() * image.getHeight()];
        for (int i = 0; i < red.length; i++) {
            red[i] = image.getRGB(i % image.getWidth(), i / image.getWidth()) >> 16 & 0xFF;
        }
        return red;
    }

    private float[] expectedRed(int index) {
        float[] pixels = tiny.pixels(index);
        float[] red = Arrays.copyOf(pixels, pixels.length / 3);
        for (int i = 0; i < red.length; i++) {
            red[i] = Math.clamp(127.5f * (red[i] + 1), 0, 255);
        }
        return red;
    }

    private static TokensGenerated generated(Job job, TokenGrid tokens) {
        var message = dev.tessera.v1.TokenGrid.newBuilder()
                .setRows(tokens.rows())
                .setColumns(tokens.columns())
                .setCodebookSize(tokens.codebookSize());
        Arrays.stream(tokens.ids()).forEach(message::addIds);
        return TokensGenerated.newBuilder().setJob(job).setTokens(message).build();
    }

    private Job job() {
        return Jobs.job()
                .setId(UUID.randomUUID().toString())
                .setTenant("acme")
                .setModel(TinyTamingResource.NAME)
                .setModelDigest(bundle.digest())
                .setClassId(3)
                .build();
    }

    private JobEvent awaitEvent(Job job, JobEvent.EventCase kind) {
        eventually(() -> assertThat(of(job)).extracting(JobEvent::getEventCase).contains(kind));
        return of(job).stream()
                .filter(event -> event.getEventCase() == kind)
                .findFirst()
                .orElseThrow();
    }

    private List<JobEvent> of(Job job) {
        return events.stream()
                .filter(event -> event.getJobId().equals(job.getId()))
                .toList();
    }
}
