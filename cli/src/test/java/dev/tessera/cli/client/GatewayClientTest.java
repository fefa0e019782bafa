package dev.tessera.cli.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GatewayClientTest {
    private static final String JOB = "{\"id\":\"j1\",\"status\":\"queued\",\"seed\":7,\"images\":[{\"index\":0}]}";

    private final StubGateway gateway;
    private final GatewayClient client;

    GatewayClientTest() throws IOException {
        gateway = new StubGateway();
        client = new GatewayClient(gateway.url());
    }

    @AfterEach
    void close() {
        client.close();
        gateway.close();
    }

    private static JobRequest pizza() {
        return JobRequest.builder()
                .prompt("pizza")
                .n(2)
                .seed(7L)
                .guidanceScale(3.5)
                .build();
    }

    @Test
    void shouldSendOnlyWhatWasGiven() {
        // Given
        gateway.json("POST /v1/jobs", 202, JOB);

        // When
        Job job = client.submit(pizza(), "key");

        // Then
        assertThat(gateway.bodies())
                .containsExactly("{\"prompt\":\"pizza\",\"n\":2,\"seed\":7,\"guidance_scale\":3.5}");
        assertThat(job.id()).isEqualTo("j1");
        assertThat(job.isFinished()).isFalse();
        assertThat(job.seed()).isEqualTo(7);
    }

    @Test
    void shouldTellEachMistakeOfARequest() {
        // Given
        gateway.json(
                "POST /v1/jobs",
                400,
                "{\"detail\":\"2 fields cannot be used\",\"errors\":[{\"pointer\":\"/n\",\"detail\":\"is 0\"},"
                        + "{\"pointer\":\"/size\",\"detail\":\"is odd\"}]}");

        // When
        ClientException e = catchThrowableOfType(ClientException.class, () -> client.submit(pizza(), "key"));

        // Then
        assertThat(e.reason()).isEqualTo(ClientException.Reason.INVALID_REQUEST);
        assertThat(e.mistakes())
                .containsExactly(
                        new ClientException.Mistake("/n", "is 0"), new ClientException.Mistake("/size", "is odd"));
    }

    @Test
    void shouldSayThatAJobDoesNotExist() {
        // Given
        gateway.json("GET /v1/jobs/j2", 404, "{\"detail\":\"there is no job j2\",\"code\":\"job_not_found\"}");

        // When
        ClientException e = catchThrowableOfType(ClientException.class, () -> client.job("j2"));

        // Then
        assertThat(e.reason()).isEqualTo(ClientException.Reason.NOT_FOUND);
        assertThat(e).hasMessage("there is no job j2");
    }

    @Test
    void shouldNotSendAnIdThatIsAPath() {
        // When
        ClientException e = catchThrowableOfType(ClientException.class, () -> client.job("../models"));

        // Then
        assertThat(e.reason()).isEqualTo(ClientException.Reason.NOT_FOUND);
        assertThat(gateway.requests()).isEmpty();
    }

    @Test
    void shouldListJobsAndFetchImages() {
        // Given
        gateway.json("GET /v1/jobs?limit=5", 200, "{\"object\":\"list\",\"data\":[" + JOB + "]}")
                .png("GET /v1/jobs/j1/images/0", new byte[] {1, 2, 3});

        // When
        List<Job> jobs = client.jobs(5);
        byte[] image = client.image("j1", 0);

        // Then
        assertThat(jobs).extracting(Job::id).containsExactly("j1");
        assertThat(image).containsExactly(1, 2, 3);
    }

    @Test
    void shouldSayThatNobodyAnswers() {
        // Given
        URI silent = gateway.url();
        gateway.close();

        // When
        ClientException e = catchThrowableOfType(ClientException.class, () -> new GatewayClient(silent).job("j1"));

        // Then
        assertThat(e.reason()).isEqualTo(ClientException.Reason.UNREACHABLE);
        assertThat(e).hasMessageContaining(silent.toString());
    }

    @Test
    void shouldSayThatSomethingElseAnswers() {
        // Given
        gateway.json("GET /v1/jobs/j1", 502, "<html>");

        // When
        ClientException e = catchThrowableOfType(ClientException.class, () -> client.job("j1"));

        // Then
        assertThat(e.reason()).isEqualTo(ClientException.Reason.PROTOCOL);
    }
}
