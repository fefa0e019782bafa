package dev.tessera.decoder;

import dev.tessera.objectstore.MemoryObjectStore;
import dev.tessera.pipeline.Cancellations;
import dev.tessera.pipeline.Claims;
import dev.tessera.pipeline.Delivery;
import dev.tessera.pipeline.JobDemand;
import dev.tessera.pipeline.JobEventPublisher;
import dev.tessera.pipeline.JobEvents;
import dev.tessera.pipeline.JobPictures;
import dev.tessera.pipeline.ModelVersion;
import dev.tessera.pipeline.Stage;
import dev.tessera.v1.ImageStored;
import dev.tessera.v1.Job;
import dev.tessera.v1.JobEvent;
import dev.tessera.v1.TokenGrid;
import dev.tessera.v1.TokensGenerated;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** A worker with a decoder that makes grey pictures, over a bucket in memory, and every event that it has told. */
abstract class DecoderWorkerFixture {
    static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    static final String PNG = "tenant-1/job-1/2.png";
    static final String TOKENS = "tenant-1/job-1/2.tokens.json";

    final GreyDecoder decoder = new GreyDecoder();
    final MemoryObjectStore store = new MemoryObjectStore();
    final JobPictures sources = new JobPictures(new Claims(store, CLOCK));
    final RecordedEvents events = new RecordedEvents();
    final DecoderWorker worker = new DecoderWorker(
            new Painters(Map.of(new ModelVersion("squares", Jobs.DIGEST), new ImagePainter(decoder)), sources),
            new ImageArchive(store),
            events,
            new JobEvents(CLOCK),
            new JobDemand(new CancelledJob("job-cancelled"), events, CLOCK));

    byte[] stored(String name) {
        return store.get(name).orElseThrow();
    }

    void decode(Job job, int attempt) {
        worker.decode(tokens(job), new Delivery(Stage.DECODER, "squares", attempt));
    }

    static TokensGenerated tokens(Job job) {
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

    static final class RecordedEvents implements JobEventPublisher {
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
