package dev.tessera.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.ByteString;
import dev.tessera.objectstore.MemoryObjectStore;
import dev.tessera.objectstore.ObjectStat;
import dev.tessera.objectstore.ObjectStoreException;
import dev.tessera.pipeline.Cancellations;
import dev.tessera.pipeline.Claims;
import dev.tessera.pipeline.Delivery;
import dev.tessera.pipeline.JobDemand;
import dev.tessera.pipeline.JobEventPublisher;
import dev.tessera.pipeline.JobEvents;
import dev.tessera.pipeline.JobPictures;
import dev.tessera.pipeline.ModelVersion;
import dev.tessera.pipeline.PipelineException;
import dev.tessera.pipeline.Stage;
import dev.tessera.v1.Edit;
import dev.tessera.v1.EditSource;
import dev.tessera.v1.ImageStored;
import dev.tessera.v1.Job;
import dev.tessera.v1.JobEvent;
import dev.tessera.v1.LatentPicture;
import dev.tessera.v1.TokenGrid;
import dev.tessera.v1.TokensGenerated;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class DecoderWorkerTest {
    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    private static final String PNG = "tenant-1/job-1/2.png";
    private static final String TOKENS = "tenant-1/job-1/2.tokens.json";

    private final GreyDecoder decoder = new GreyDecoder();
    private final MemoryObjectStore store = new MemoryObjectStore();
    private final JobPictures sources = new JobPictures(new Claims(store, CLOCK));
    private final RecordedEvents events = new RecordedEvents();
    private final DecoderWorker worker = new DecoderWorker(
            new Painters(Map.of(new ModelVersion("squares", Jobs.DIGEST), new ImagePainter(decoder)), sources),
            new ImageArchive(store),
            events,
            new JobEvents(CLOCK),
            new JobDemand(new CancelledJob("job-cancelled"), events, CLOCK));

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
    void shouldPasteWhatAnEditKeepsOverWhatWasDrawn() throws IOException {
        // Given: six grey pixels, of which the first is to be made anew
        EditSource source = EditSource.newBuilder()
                .setWidth(3)
                .setHeight(2)
                .setRgb(ByteString.copyFrom(
                        new byte[] {50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63, 64, 65, 66, 67}))
                .setMask(ByteString.copyFrom(new byte[] {1, 0, 0, 0, 0, 0}))
                .build();
        Job edit = edit(sources.deposit("job-1", source));

        // When
        decode(edit, 1);

        // Then
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(stored(PNG)));
        assertThat(image.getRGB(0, 0) & 0xFFFFFF).isEqualTo(0x010101);
        assertThat(image.getRGB(1, 0) & 0xFFFFFF).isEqualTo(0x353637);
        assertThat(image.getRGB(2, 1) & 0xFFFFFF).isEqualTo(0x414243);
    }

    @Test
    void shouldDropAnImageOfAnEditThatHasEndedAndTakenItsPictureAlong() {
        // Given
        store.putIfAbsent("tenant-1/job-1/job.json", new byte[0], "application/json", Map.of());

        // When
        decode(edit("claims/2026-01-01/job-1/gone"), 1);

        // Then
        assertThat(store.names()).doesNotContain(PNG);
        assertThat(events.all).isEmpty();
    }

    private static Job edit(String source) {
        return Jobs.job().setEdit(Edit.newBuilder().setSource(source)).build();
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

    @Test
    void shouldKeepTheTokensOfAllScales() {
        // When
        worker.decode(scales(List.of(1, 2)), new Delivery(Stage.DECODER, "squares", 1));

        // Then
        assertThat(new String(stored(TOKENS), StandardCharsets.UTF_8))
                .isEqualToIgnoringNewLines("{\"grid\":[2,2],\"scales\":[1,2],\"codebook\":256,\"tokens\":[9,1,2,3,4]}");
    }

    @Test
    void shouldRefuseTokensThatDoNotFillTheirScales() {
        refused(scales(List.of(1, 3)), "malformed_tokens");
    }

    @Test
    void shouldRefuseTheTokensOfASmoothImageWithoutItsLatentPicture() {
        // Given
        TokensGenerated.Builder tokens = scales(List.of(1, 2)).toBuilder();
        tokens.getJobBuilder().getSamplingBuilder().setMoreSmooth(true);

        // When, Then
        refused(tokens.build(), "malformed_tokens");
    }

    @Test
    void shouldRefuseALatentPictureThatIsNone() {
        refused(latent(2, 2, 9), "malformed_tokens");
        refused(latent(2, 2, 7), "malformed_tokens");
        refused(latent(-1, 2, 4), "malformed_tokens");
    }

    private static TokensGenerated latent(int dimensions, int side, int floats) {
        return scales(List.of(1, 2)).toBuilder()
                .setLatent(LatentPicture.newBuilder()
                        .setDimensions(dimensions)
                        .setSide(side)
                        .setFloats(ByteString.copyFrom(new byte[Float.BYTES * floats])))
                .build();
    }

    private static TokensGenerated scales(List<Integer> sides) {
        return TokensGenerated.newBuilder()
                .setJob(Jobs.job())
                .setImageIndex(2)
                .setTokens(TokenGrid.newBuilder()
                        .setRows(2)
                        .setColumns(2)
                        .setCodebookSize(256)
                        .addAllScales(sides)
                        .addAllIds(List.of(9, 1, 2, 3, 4)))
                .build();
    }

    @Test
    void shouldRefuseTokensThatDoNotFillTheirGrid() {
        // Given
        TokensGenerated broken = TokensGenerated.newBuilder()
                .setJob(Jobs.job())
                .setTokens(TokenGrid.newBuilder()
                        .setRows(2)
                        .setColumns(3)
                        .setCodebookSize(256)
                        .addIds(1))
                .build();

        // When, Then
        refused(broken, "malformed_tokens");
    }

    @Test
    void shouldRefuseTokensThatAreNoneOfTheirCodebook() {
        // Given
        TokensGenerated broken = TokensGenerated.newBuilder()
                .setJob(Jobs.job())
                .setTokens(TokenGrid.newBuilder()
                        .setRows(1)
                        .setColumns(1)
                        .setCodebookSize(256)
                        .addIds(-1))
                .build();

        // When, Then
        refused(broken, "malformed_tokens");
    }

    @Test
    void shouldRefuseAJobThatWasAcceptedForOtherWeights() {
        refused(tokens(Jobs.job().setModelDigest("e".repeat(64)).build()), "model_unavailable");
    }

    private byte[] stored(String name) {
        return store.get(name).orElseThrow();
    }

    private void refused(TokensGenerated work, String reason) {
        assertThatExceptionOfType(DecoderException.class)
                .isThrownBy(() -> worker.decode(work, new Delivery(Stage.DECODER, "squares", 1)))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(reason));
        assertThat(store.names()).isEmpty();
    }

    private void decode(Job job, int attempt) {
        worker.decode(tokens(job), new Delivery(Stage.DECODER, "squares", attempt));
    }

    private static TokensGenerated tokens(Job job) {
        return TokensGenerated.newBuilder()
                .setJob(job)
                .setImageIndex(2)
                .setTokens(TokenGrid.newBuilder()
                        .setRows(2)
                        .setColumns(3)
                        .setCodebookSize(256)
                        .addAllIds(List.of(1, 2, 3, 4, 5, 255)))
                .build();
    }

    private static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private record CancelledJob(String id) implements Cancellations {
        @Override
        public boolean isCancelled(String jobId) {
            return jobId.equals(id);
        }

        @Override
        public void onCancelled(Consumer<String> listener) {
            throw new UnsupportedOperationException();
        }
    }

    private static final class RecordedEvents implements JobEventPublisher {
        final List<JobEvent> all = new ArrayList<>();
        Receipt confirmation = () -> {};

        ImageStored stored() {
            return all.getLast().getImageStored();
        }

        @Override
        public Receipt send(JobEvent event) {
            all.add(event);
            return confirmation;
        }

        @Override
        public void publishLossy(JobEvent event) {
            throw new UnsupportedOperationException();
        }
    }
}
