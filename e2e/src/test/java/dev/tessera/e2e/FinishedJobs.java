package dev.tessera.e2e;

import static dev.tessera.testkit.Eventually.eventually;
import static dev.tessera.testkit.Eventually.until;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tessera.cli.client.GatewayClient;
import dev.tessera.cli.client.Job;
import dev.tessera.cli.client.JobRequest;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import javax.imageio.ImageIO;

/** Jobs that are submitted and waited for, and what they have left. */
final class FinishedJobs {
    private static final Duration LONG = Duration.ofMinutes(3);

    private final GatewayClient gateway;

    FinishedJobs(GatewayClient gateway) {
        this.gateway = gateway;
    }

    Job submit(JobRequest request) {
        return gateway.submit(request, UUID.randomUUID().toString());
    }

    /** The job once some of it is drawn. */
    Job generating(Job job) {
        until("job is being generated", () -> gateway.job(job.id()).tokensDone() > 0);
        return job;
    }

    /** Submits a request, and returns its job once that has succeeded. */
    Job finished(JobRequest request) {
        return finished(submit(request));
    }

    /** The job once it has succeeded. */
    Job finished(Job job) {
        eventually(LONG, () -> assertThat(gateway.job(job.id()).isFinished()).isTrue());
        Job end = gateway.job(job.id());
        assertThat(end.failure()).isEmpty();
        assertThat(end.status()).isEqualTo("succeeded");
        return end;
    }

    /** The files of all images. */
    List<byte[]> pictures(Job job) {
        return IntStream.range(0, job.images())
                .mapToObj(i -> gateway.image(job.id(), i))
                .toList();
    }

    /** The first one. */
    BufferedImage image(Job job) throws IOException {
        return ImageIO.read(new ByteArrayInputStream(gateway.image(job.id(), 0)));
    }

    /** Of the first image. */
    List<Integer> tokens(Job job) throws IOException, InterruptedException {
        URI url = gateway.base().resolve("v1/jobs/" + job.id() + "/images/0/tokens");
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            String body = client.send(HttpRequest.newBuilder(url).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
            JsonNode tokens = new ObjectMapper().readTree(body).path("tokens");
            return StreamSupport.stream(tokens.spliterator(), false)
                    .map(JsonNode::intValue)
                    .toList();
        }
    }
}
