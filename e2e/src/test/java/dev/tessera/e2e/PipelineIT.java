package dev.tessera.e2e;

import static dev.tessera.e2e.SharedStack.EMOJI;
import static dev.tessera.testkit.Eventually.eventually;
import static dev.tessera.testkit.Eventually.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.cli.client.GatewayClient;
import dev.tessera.cli.client.Job;
import dev.tessera.cli.client.JobRequest;
import dev.tessera.cli.stack.LocalStack;
import dev.tessera.cli.stack.StackService;
import dev.tessera.objectstore.ObjectStat;
import dev.tessera.pipeline.Stage;
import dev.tessera.v1.ImageConditioned;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The whole pipeline as a user has it: six processes, a real broker, a real bucket, the model that ships. Every fault is
 * a real one, and every picture is compared byte by byte with one that was drawn in peace.
 */
@ExtendWith(SharedStack.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PipelineIT {
    private static final Duration LONG = Duration.ofMinutes(3);
    private static final int IMAGES = 6;

    /** Of an image. */
    private static final int TOKENS = 256;

    private static LocalStack stack;
    private static LocalStack second;
    private static GatewayClient gateway;
    private static FinishedJobs jobs;
    private static JobObjects objects;
    private static Redelivery redelivery;

    /** What {@link #request} draws when nothing disturbs it. */
    private static List<byte[]> calm;

    @BeforeAll
    static void drawInPeace(LocalStack shared, GatewayClient client) {
        stack = shared;
        gateway = client;
        jobs = new FinishedJobs(client);
        objects = new JobObjects(stack.bucket());
        redelivery = new Redelivery(stack.ports().bootstrapServers());
        calm = jobs.pictures(jobs.finished(request()));
    }

    @AfterAll
    static void endWhatIsLeft() {
        if (second != null) {
            second.close();
        }
        if (redelivery != null) {
            redelivery.close();
        }
    }

    @Test
    @Order(1)
    void shouldDrawTheSameBytesInTheCompanyOfOthers() {
        // Given: fifteen other jobs, with other prompts and settings
        List<Job> others =
                IntStream.range(0, 15).mapToObj(i -> jobs.submit(other(i))).toList();
        // When
        Job job = jobs.finished(request());
        // Then
        assertThat(jobs.pictures(job)).containsExactlyElementsOf(calm);
        assertThat(others.stream().map(jobs::finished)).allMatch(Job::hasSucceeded);
    }

    @Test
    @Order(2)
    void shouldDrawDifferentPicturesForDifferentImagesOfAJob() {
        assertThat(calm.stream().map(bytes -> new String(bytes, StandardCharsets.ISO_8859_1)))
                .doesNotHaveDuplicates();
    }

    @Test
    @Order(3)
    void shouldGoOnWhereAGeneratorWasThatLeaves() {
        // Given: two of them
        second = stack.startReplica(StackService.GENERATOR, "second");
        List<Job> many = submitMany();
        jobs.generating(many.getFirst());
        // When
        boolean endedByItself = stack.stopService(StackService.GENERATOR);
        // Then
        assertThat(endedByItself).isTrue();
        assertThat(stack.log(StackService.GENERATOR)).content().contains("generator-service stopped in");
        assertThat(many)
                .allSatisfy(job -> assertThat(jobs.pictures(jobs.finished(job))).containsExactlyElementsOf(calm));
        List<ImageConditioned> handedOver = many.stream()
                .flatMap(one -> HandOvers.of(stack, EMOJI, one.id()).stream())
                .toList();
        assertThat(handedOver).isNotEmpty();
        // Every image that it has ended, it has drawn but for what was there: not one token twice
        int drawnBefore = handedOver.stream()
                .mapToInt(image -> image.getPartial().getTokensDone())
                .sum();
        assertThat(drawnBefore).isPositive();
        assertThat((HandOvers.tokensDrawn(second) + drawnBefore) % TOKENS).isZero();
    }

    @Test
    @Order(4)
    void shouldFinishEveryJobOnceWhileGeneratorsGoAndDie() {
        // Given: three generators
        stack.startService(StackService.GENERATOR);
        LocalStack third = stack.startReplica(StackService.GENERATOR, "third");
        List<Job> many = submitMany();
        jobs.generating(many.getFirst());
        // When: one is told to go, another is killed, and a new one comes
        assertThat(second.stopService(StackService.GENERATOR)).isTrue();
        third.kill(StackService.GENERATOR);
        second.startService(StackService.GENERATOR);
        // Then
        for (Job job : many) {
            assertThat(jobs.pictures(jobs.finished(job))).containsExactlyElementsOf(calm);
            assertThat(objects.names(job)).containsExactlyInAnyOrderElementsOf(JobObjects.expected(job, IMAGES));
        }
        third.close();
        second.close();
    }

    @Test
    @Order(5)
    void shouldFinishAJobAcrossARestartOfTheBroker() {
        // Given
        Job job = jobs.generating(jobs.submit(request()));
        // When
        stack.stopService(StackService.BROKER);
        stack.startService(StackService.BROKER);
        // Then
        assertThat(jobs.pictures(jobs.finished(job))).containsExactlyElementsOf(calm);
    }

    @Test
    @Order(6)
    void shouldWaitForABucketThatIsAway() throws InterruptedException {
        // Given
        Job job = jobs.generating(jobs.submit(request()));
        // When: the outage itself is twenty seconds long
        stack.stopService(StackService.OBJECT_STORE);
        Thread.sleep(Duration.ofSeconds(20));
        stack.startService(StackService.OBJECT_STORE);
        // Then
        assertThat(jobs.pictures(jobs.finished(job))).containsExactlyElementsOf(calm);
    }

    @Test
    @Order(7)
    void shouldForgetNothingWhenTheGatewayRestarts() {
        // Given
        Job before = jobs.finished(request());
        Job running = jobs.submit(request());
        // When
        stack.kill(StackService.GATEWAY);
        stack.startService(StackService.GATEWAY);
        // Then
        assertThat(gateway.job(before.id()).json()).isEqualTo(before.json());
        assertThat(jobs.pictures(jobs.finished(running))).containsExactlyElementsOf(calm);
    }

    @Test
    @Order(8)
    void shouldStopWorkingOnACancelledJob() {
        // Given
        Job job = jobs.generating(jobs.submit(request()));
        // When
        gateway.cancel(job.id());
        // Then
        eventually(LONG, () -> assertThat(gateway.job(job.id()).status()).isEqualTo("cancelled"));
        assertThat(jobs.pictures(jobs.finished(request()))).containsExactlyElementsOf(calm);
        assertThat(gateway.job(job.id()).status()).isEqualTo("cancelled");
    }

    @Test
    @Order(9)
    void shouldDrawOnceWhenWorkIsDeliveredAgainInTheMiddleOfAJob() {
        // Given
        Job job = jobs.generating(jobs.submit(request()));
        // When
        assertThat(redelivery.repeat(Stage.GENERATOR, job)).isEqualTo(IMAGES);
        until("tokens were delivered again", () -> redelivery.repeat(Stage.DECODER, job) > 0);
        // Then
        assertThat(jobs.pictures(jobs.finished(job))).containsExactlyElementsOf(calm);
        assertThat(objects.names(job)).containsExactlyInAnyOrderElementsOf(JobObjects.expected(job, IMAGES));
    }

    @Test
    @Order(10)
    void shouldChangeNothingWhenAllWorkOfAFinishedJobIsDeliveredAgain() {
        // Given
        Job job = jobs.finished(request());
        Map<String, ObjectStat> written = objects.written(job);
        // When: in the order of the stages, since what one repeats comes to the next as well
        for (Stage stage : List.of(Stage.TOKENIZER, Stage.GENERATOR, Stage.DECODER)) {
            assertThat(redelivery.repeat(stage, job)).isPositive();
            redelivery.awaitWorkedOff(stage, job.model());
        }
        redelivery.awaitEventsTakenIn();
        // Then
        assertThat(gateway.job(job.id()).json()).isEqualTo(job.json());
        assertThat(objects.written(job)).isEqualTo(written).containsOnlyKeys(JobObjects.expected(job, IMAGES));
        assertThat(jobs.pictures(job)).containsExactlyElementsOf(calm);
    }

    private static JobRequest request() {
        return request("a slice of pizza", IMAGES, 1L);
    }

    private static JobRequest other(int i) {
        return request(
                List.of("a red heart", "the sun", "two cats on a blue background")
                        .get(i % 3),
                1 + i % 2,
                100L + i);
    }

    private static JobRequest request(String prompt, int images, long seed) {
        return JobRequest.builder()
                .model(EMOJI)
                .prompt(prompt)
                .n(images)
                .seed(seed)
                .build();
    }

    /** More than generators can have in flight. */
    private static List<Job> submitMany() {
        return IntStream.range(0, 7).mapToObj(i -> jobs.submit(request())).toList();
    }
}
