package dev.tessera.gateway;

import static dev.tessera.testkit.Eventually.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.testkit.TesseraTestResource;
import dev.tessera.v1.Job;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a client hears that follows a job. */
@QuarkusTest
@QuarkusTestResource(TesseraTestResource.class)
@QuarkusTestResource(BundleResource.class)
class JobEventsIT extends JobsFixture {
    @Test
    void shouldTellEveryStepOfAJobUntilItsEnd() {
        // Given
        Job job = submit("{\"prompt\":\"a cat\",\"n\":2}");

        try (EventStreamReader reader = new EventStreamReader(events(job))) {
            until("the first event", () -> reader.events().size() == 1);

            // When
            stages.encode(job);
            stages.generate(job, 0, 5);
            until("the tokens", () -> reader.events().stream().anyMatch(event -> event.tokensDone() == 5));
            stages.make(job, 1);
            stages.make(job, 0);
            until("the end of the stream", reader::ended);

            // Then
            List<EventStreamReader.Event> events = reader.events();
            assertThat(events.getFirst().name()).isEqualTo("state");
            assertThat(events.getFirst().status()).isEqualTo("queued");
            assertThat(events.getLast().name()).isEqualTo("state");
            assertThat(events.getLast().status()).isEqualTo("succeeded");
            assertThat(events.getLast().data().path("images")).hasSize(2);
            assertThat(events)
                    .extracting(EventStreamReader.Event::tokensDone)
                    .isSorted()
                    .contains(5L, 24L);
            assertThat(events).extracting(EventStreamReader.Event::name).contains("progress");
        }
    }

    @Test
    void shouldTellTheEndOfAFinishedJobAtOnce() {
        // Given
        Job job = submit("{\"prompt\":\"a cat\"}");
        stages.make(job, 0);
        awaitStatus(job, "succeeded");

        try (EventStreamReader reader = new EventStreamReader(events(job))) {

            // When
            until("the end of the stream", reader::ended);

            // Then
            assertThat(reader.events()).singleElement().satisfies(event -> {
                assertThat(event.name()).isEqualTo("state");
                assertThat(event.status()).isEqualTo("succeeded");
            });
        }
    }
}
