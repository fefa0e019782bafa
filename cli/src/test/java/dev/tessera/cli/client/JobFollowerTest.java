package dev.tessera.cli.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class JobFollowerTest {
    private static final String EVENTS = "GET /v1/jobs/j1/events";
    private static final String LOOK = "GET /v1/jobs/j1";

    private final StubGateway gateway;
    private final GatewayClient client;
    private final JobFollower follower;
    private final List<String> seen = new ArrayList<>();

    JobFollowerTest() throws IOException {
        gateway = new StubGateway();
        client = new GatewayClient(gateway.url());
        follower = new JobFollower(client, Duration.ofMillis(1));
    }

    @AfterEach
    void close() {
        client.close();
        gateway.close();
    }

    private static String job(String status, int done) {
        return "{\"id\":\"j1\",\"status\":\"" + status + "\",\"progress\":{\"tokens_done\":" + done
                + ",\"tokens_total\":10},\"images\":[{}]}";
    }

    private static String state(String status, int done) {
        return "event: state\ndata: " + job(status, done) + "\n\n";
    }

    private static String progress(int done) {
        return "event: progress\ndata: {\"id\":\"j1\",\"status\":\"generating\",\"progress\":{\"tokens_done\":" + done
                + ",\"tokens_total\":10}}\n\n";
    }

    private Job follow() throws IOException {
        Job start = new Job(new ObjectMapper().readTree(job("queued", 0)));
        return follower.follow(start, job -> seen.add(job.status() + " " + job.tokensDone()), () -> {});
    }

    @Test
    void shouldSeeEveryStateToTheEnd() throws IOException {
        // Given
        gateway.events(EVENTS, state("queued", 0) + ": keep-alive\n\n" + progress(4) + state("succeeded", 10));

        // When
        Job job = follow();

        // Then
        assertThat(seen).containsExactly("queued 0", "generating 4", "succeeded 10");
        assertThat(job.hasSucceeded()).isTrue();
    }

    @Test
    void shouldConnectAgainWhenTheStreamBreaks() throws IOException {
        // Given
        gateway.brokenEvents(EVENTS, state("generating", 2) + progress(4))
                .json(LOOK, 200, job("generating", 5))
                .events(EVENTS, state("succeeded", 10));

        // When
        Job job = follow();

        // Then
        assertThat(job.hasSucceeded()).isTrue();
        assertThat(seen).endsWith("generating 5", "succeeded 10");
        assertThat(gateway.requests()).containsExactly(EVENTS, LOOK, EVENTS);
    }

    @Test
    void shouldConnectAgainWhenTheGatewayEndsTheStreamEarly() throws IOException {
        // Given
        gateway.events(EVENTS, state("generating", 2)).json(LOOK, 200, job("failed", 5));

        // When
        Job job = follow();

        // Then
        assertThat(job.status()).isEqualTo("failed");
    }

    @Test
    void shouldWaitForAGatewayThatIsAwayForAMoment() throws IOException {
        // Given
        gateway.json(EVENTS, 503, "{\"detail\":\"not ready\"}").events(EVENTS, state("succeeded", 10));

        // When
        Job job = follow();

        // Then
        assertThat(job.hasSucceeded()).isTrue();
    }

    @Test
    void shouldGiveUpOnAGatewayThatStaysAway() {
        // Given
        gateway.json(EVENTS, 503, "{\"detail\":\"not ready\"}");

        // When
        ClientException e = catchThrowableOfType(ClientException.class, this::follow);

        // Then
        assertThat(e.reason()).isEqualTo(ClientException.Reason.REFUSED);
        assertThat(gateway.requests()).hasSize(10);
    }

    @Test
    void shouldStopWhenTheJobIsGone() {
        // Given
        gateway.json(EVENTS, 404, "{\"detail\":\"there is no job j1\"}");

        // When
        ClientException e = catchThrowableOfType(ClientException.class, this::follow);

        // Then
        assertThat(e.reason()).isEqualTo(ClientException.Reason.NOT_FOUND);
        assertThat(gateway.requests()).hasSize(1);
    }
}
