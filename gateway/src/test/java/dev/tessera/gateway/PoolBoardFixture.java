package dev.tessera.gateway;

import dev.tessera.pipeline.JobEvents;
import dev.tessera.testkit.ManualClock;
import dev.tessera.v1.Job;
import dev.tessera.v1.JobEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** By its bundle, an image of these jobs takes the generator two seconds and the decoder a twentieth of one, as the tokenizer a job. */
abstract class PoolBoardFixture {
    static final String GENERATORS = "generator-tiny-text";
    static final String DECODERS = "decoder-tiny-text";
    static final String TOKENIZERS = "tokenizer-tiny-text";
    static final int TOKENS = 12;
    static final Duration TARGET = Duration.ofSeconds(30);

    final ManualClock clock = new ManualClock(TestEvents.START);
    final JobEvents events = new JobEvents(clock);
    final List<JobEvent> log = new ArrayList<>();
    final Replica replica = new Replica(Pools.of(Map.of(), TARGET, TestModels.both()));

    /** The views and the board of one gateway. */
    final class Replica {
        final PoolBoard board;
        final JobViews views;

        Replica(Pools pools) {
            board = new PoolBoard(pools, TestModels.both(), clock);
            views = new JobViews(job -> TOKENS, new JobViews.Retention(Duration.ofHours(1), 1000), clock);
            views.watch(board);
        }
    }

    void tell(JobEvent event) {
        log.add(event);
        replica.views.apply(event);
    }

    static Job job(String id, int images) {
        return TestEvents.ofJob(id, images).job();
    }
}
