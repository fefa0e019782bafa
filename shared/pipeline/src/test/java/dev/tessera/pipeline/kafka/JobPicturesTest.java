package dev.tessera.pipeline.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.ByteString;
import dev.tessera.objectstore.MemoryObjectStore;
import dev.tessera.pipeline.Claims;
import dev.tessera.pipeline.JobObjects;
import dev.tessera.pipeline.JobPictures;
import dev.tessera.pipeline.PipelineException;
import dev.tessera.testkit.ManualClock;
import dev.tessera.v1.Edit;
import dev.tessera.v1.EditSource;
import dev.tessera.v1.Job;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JobPicturesTest {
    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
    private static final EditSource SOURCE = EditSource.newBuilder()
            .setWidth(1)
            .setHeight(1)
            .setRgb(ByteString.copyFrom(new byte[] {1, 2, 3}))
            .build();

    private final MemoryObjectStore bucket = new MemoryObjectStore();
    private final Claims claims = new Claims(bucket, new ManualClock(NOW));
    private final JobPictures sources = new JobPictures(claims);

    @Test
    void shouldGiveBackThePictureThatAJobBeginsWith() {
        // When
        Job job = job(sources.deposit("job", SOURCE));

        // Then
        assertThat(sources.edited(job)).contains(SOURCE);
        assertThat(job.getEdit().getSource()).startsWith("claims/2026-01-01/job/");
    }

    @Test
    void shouldLeaveTheFirstPictureAloneWhenARepeatLeavesAnother() {
        // Given
        Job job = job(sources.deposit("job", SOURCE));

        // When
        sources.deposit("job", EditSource.getDefaultInstance());

        // Then
        assertThat(sources.edited(job)).contains(SOURCE);
    }

    @Test
    void shouldFindNothingOnceTheJobHasEnded() {
        // Given
        Job job = job(sources.deposit("job", SOURCE));
        bucket.putIfAbsent(JobObjects.record("tenant", "job"), new byte[0], "", Map.of());

        // When
        claims.removeOf("job", NOW);

        // Then
        assertThat(sources.edited(job)).isEmpty();
    }

    @Test
    void shouldFailForGoodWhenThePictureIsGoneBeforeTheJobHasEnded() {
        // Given
        Job job = job("claims/2026-01-01/job/gone");

        // When, Then
        assertThatExceptionOfType(PipelineException.class)
                .isThrownBy(() -> sources.edited(job))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(PipelineException.Reason.PAYLOAD_MISSING));
    }

    private static Job job(String source) {
        return Job.newBuilder()
                .setId("job")
                .setTenant("tenant")
                .setEdit(Edit.newBuilder().setSource(source))
                .build();
    }
}
