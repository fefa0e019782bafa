package dev.tessera.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tessera.objectstore.ObjectStat;
import dev.tessera.objectstore.ObjectStoreException;
import dev.tessera.pipeline.JobEvents;
import dev.tessera.pipeline.PipelineException;
import dev.tessera.v1.ImageStored;
import dev.tessera.v1.JobEvent;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DecoderWorkerTest extends DecoderWorkerFixture {
    @Test
    void shouldStoreThePictureAndItsTokensAndSayWhatIsStored() {
        // When
        decode(Jobs.job().build(), 1);

        // Then
        assertThat(store.names()).containsExactlyInAnyOrder(TOKENS, PNG);
        assertThat(store.stat(PNG)).map(ObjectStat::contentType).contains("image/png");
        assertThat(store.stat(TOKENS)).map(ObjectStat::contentType).contains("application/json");
        assertThat(new String(stored(TOKENS), StandardCharsets.UTF_8))
                .isEqualToIgnoringNewLines("{\"grid\":[2,3],\"codebook\":256,\"tokens\":[1,2,3,4,5,255]}");
        assertThat(events.all)
                .extracting(JobEvent::getEventCase)
                .containsExactly(JobEvent.EventCase.DECODING_STARTED, JobEvent.EventCase.IMAGE_STORED);
        assertThat(events.all).allSatisfy(event -> assertThat(event.getTenant()).isEqualTo("tenant-1"));
        assertThat(events.stored().getEngineTime().getNanos()).isPositive();
        assertThat(events.stored().toBuilder().clearEngineTime().build())
                .isEqualTo(ImageStored.newBuilder()
                        .setImageIndex(2)
                        .setObject(PNG)
                        .setBytes(stored(PNG).length)
                        .setSha256(sha256(stored(PNG)))
                        .build());
    }

    @Test
    void shouldReportWhatIsInTheBucketWhenSomeoneElseWasFaster() {
        // Given
        byte[] earlier = "an earlier result".getBytes(StandardCharsets.UTF_8);
        store.putIfAbsent(PNG, earlier, "image/png", Map.of());

        // When
        decode(Jobs.job().build(), 1);

        // Then
        assertThat(stored(PNG)).isEqualTo(earlier);
        assertThat(events.stored().getBytes()).isEqualTo(earlier.length);
        assertThat(events.stored().getSha256()).isEqualTo(sha256(earlier));
    }

    @Test
    void shouldNotDecodeAgainWhenARepeatFindsTheImage() {
        // Given
        decode(Jobs.job().build(), 1);
        ImageStored first = events.stored();

        // When
        decode(Jobs.job().build(), 2);

        // Then
        assertThat(decoder.calls).isEqualTo(1);
        assertThat(events.stored().hasEngineTime()).isFalse();
        assertThat(events.stored())
                .isEqualTo(first.toBuilder().clearEngineTime().build());
    }

    @Test
    void shouldKeepTheTokensThatAnInterruptedAttemptHadNoTimeFor() {
        // Given
        decode(Jobs.job().build(), 1);
        byte[] tokens = stored(TOKENS);
        store.delete(TOKENS);

        // When
        decode(Jobs.job().build(), 2);

        // Then
        assertThat(stored(TOKENS)).isEqualTo(tokens);
    }

    @Test
    void shouldDecodeWhenARepeatFindsNoImage() {
        // When
        decode(Jobs.job().build(), 2);

        // Then
        assertThat(store.names()).containsExactlyInAnyOrder(TOKENS, PNG);
    }

    @Test
    void shouldDropImagesOfACancelledJob() {
        // When
        decode(Jobs.job().setId("job-cancelled").build(), 1);

        // Then
        assertThat(store.names()).isEmpty();
        assertThat(events.all).isEmpty();
    }

    @Test
    void shouldDropImagesOfAnExpiredJobAndSaySo() {
        // When
        decode(Jobs.job().setDeadline(JobEvents.timestamp(NOW.minusSeconds(1))).build(), 1);

        // Then
        assertThat(store.names()).isEmpty();
        assertThat(events.all).extracting(JobEvent::getEventCase).containsExactly(JobEvent.EventCase.EXPIRED);
    }

    @Test
    void shouldFailWhenItsEventIsNotConfirmedSoThatItIsRepeated() {
        // Given
        events.confirmation = () -> {
            throw new PipelineException(PipelineException.Reason.BROKER_UNAVAILABLE, "no broker");
        };

        // When, Then
        assertThatExceptionOfType(PipelineException.class)
                .isThrownBy(() -> decode(Jobs.job().build(), 1));
        assertThat(events.all).extracting(JobEvent::getEventCase).doesNotContain(JobEvent.EventCase.IMAGE_STORED);
    }

    @Test
    void shouldFailWhileTheBucketIsAwaySoThatItIsRepeated() {
        // Given
        store.refuse(ObjectStoreException.Reason.UNAVAILABLE);

        // When, Then
        assertThatExceptionOfType(ObjectStoreException.class)
                .isThrownBy(() -> decode(Jobs.job().build(), 1));
        assertThat(events.all).extracting(JobEvent::getEventCase).doesNotContain(JobEvent.EventCase.IMAGE_STORED);
    }

    private static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
