package dev.tessera.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import dev.tessera.gateway.GatewayException.Reason;
import dev.tessera.pipeline.JobEvents;
import dev.tessera.pipeline.Stage;
import dev.tessera.testkit.ManualClock;
import dev.tessera.v1.ImageStored;
import dev.tessera.v1.Job;
import dev.tessera.v1.JobEvent;
import dev.tessera.v1.JobFailed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** By its bundle, an image of these jobs takes the generator two seconds and the decoder a twentieth of one, as the tokenizer a job. */
class PoolBoardTest {
    private static final String GENERATORS = "generator-tiny-text";
    private static final String DECODERS = "decoder-tiny-text";
    private static final String TOKENIZERS = "tokenizer-tiny-text";
    private static final int TOKENS = 12;
    private static final Duration TARGET = Duration.ofSeconds(30);

    private final ManualClock clock = new ManualClock(TestEvents.START);
    private final JobEvents events = new JobEvents(clock);
    private final List<JobEvent> log = new ArrayList<>();
    private final Replica replica = new Replica(Pools.of(Map.of(), TARGET, TestModels.both()));

    /** The views and the board of one gateway. */
    private final class Replica {
        final PoolBoard board;
        final JobViews views;

        Replica(Pools pools) {
            board = new PoolBoard(pools, TestModels.both(), clock);
            views = new JobViews(job -> TOKENS, new JobViews.Retention(Duration.ofHours(1), 1000), clock);
            views.watch(board);
        }
    }

    @Test
    void shouldCountTheSecondsOfImagesThatWait() {
        // When
        tell(events.accepted(job("one", 3)));

        // Then
        PoolReading generators = replica.board.read(GENERATORS);
        assertThat(generators.queuedSeconds()).isEqualTo(6);
        assertThat(generators.inFlightSeconds()).isZero();
        assertThat(generators.load()).isEqualTo(new PoolReading.Load(1, 0, 3, 0));
        assertThat(generators.active()).isTrue();
    }

    @Test
    void shouldWakeTheDecodersForImagesThatAreOnTheirWay() {
        // When
        tell(events.accepted(job("one", 3)));

        // Then
        PoolReading decoders = replica.board.read(DECODERS);
        assertThat(decoders.active()).isTrue();
        assertThat(decoders.load()).isEqualTo(new PoolReading.Load(1, 3, 0, 0));
        assertThat(decoders.seconds()).isZero();
    }

    @Test
    void shouldCountTheSecondsOfJobsThatWaitForTheTokenizer() {
        // Given
        List<Boolean> heard = new ArrayList<>();
        replica.board.listen(TOKENIZERS, heard::add);
        Job job = job("one", 3);

        // When
        tell(events.accepted(job));
        tell(events.accepted(job("two", 16)));
        PoolReading waiting = replica.board.read(TOKENIZERS);
        tell(events.encodingStarted(job));
        PoolReading begun = replica.board.read(TOKENIZERS);

        // Then
        assertThat(waiting.queuedSeconds()).isCloseTo(0.1, within(1e-9));
        assertThat(waiting.load()).isEqualTo(new PoolReading.Load(2, 0, 2, 0));
        assertThat(begun.inFlightSeconds()).isCloseTo(0.05, within(1e-9));
        assertThat(begun.load()).isEqualTo(new PoolReading.Load(2, 0, 1, 1));
        assertThat(heard).containsExactly(false, true);
    }

    @Test
    void shouldGoByWhatEncodingTookAndHaveNothingLeftOfAnEncodedJob() {
        // Given
        Job job = job("one", 3);
        tell(events.accepted(job));
        tell(events.encodingStarted(job));

        // When
        tell(events.encodingCompleted(job, Duration.ofSeconds(2)));

        // Then
        PoolReading tokenizers = replica.board.read(TOKENIZERS);
        assertThat(tokenizers.active()).isFalse();
        assertThat(tokenizers.seconds()).isZero();
        assertThat(tokenizers.rates()).singleElement().satisfies(rate -> {
            assertThat(rate.measured()).isTrue();
            assertThat(rate.secondsPerImage()).isCloseTo(2, within(1e-9));
        });
        assertThat(replica.board.read(GENERATORS).load()).isEqualTo(new PoolReading.Load(1, 0, 3, 0));
        tell(events.accepted(job("two", 1)));
        assertThat(replica.board.read(TOKENIZERS).queuedSeconds()).isCloseTo(2, within(1e-9));
    }

    @Test
    void shouldMeasureAJobWhoseFirstImageWasBegunBeforeItsEncodingWasTold() {
        // Given
        Job job = job("one", 3);
        tell(events.accepted(job));
        tell(events.encodingStarted(job));
        tell(events.generationStarted(job, 0, 1));

        // When
        tell(events.encodingCompleted(job, Duration.ofSeconds(2)));

        // Then
        PoolReading tokenizers = replica.board.read(TOKENIZERS);
        assertThat(tokenizers.active()).isFalse();
        assertThat(tokenizers.rates().getFirst().secondsPerImage()).isCloseTo(2, within(1e-9));
    }

    @Test
    void shouldTakeOffTheTokensThatAreThere() {
        // Given
        Job job = job("one", 3);
        tell(events.accepted(job));

        // When
        tell(events.generationStarted(job, 1, 1));
        tell(events.generationProgressed(job, 1, 3, TOKENS));

        // Then
        PoolReading generators = replica.board.read(GENERATORS);
        assertThat(generators.queuedSeconds()).isEqualTo(4);
        assertThat(generators.inFlightSeconds()).isEqualTo(1.5);
    }

    @Test
    void shouldHandAnImageOnWhenItsTokensAreThere() {
        // Given
        Job job = job("one", 1);
        tell(events.accepted(job));

        // When
        tell(events.generationCompleted(job, 0, TOKENS, Duration.ofSeconds(2)));

        // Then
        assertThat(replica.board.read(GENERATORS).active()).isFalse();
        assertThat(replica.board.read(GENERATORS).seconds()).isZero();
        assertThat(replica.board.read(DECODERS).queuedSeconds()).isCloseTo(0.05, within(1e-9));
    }

    @Test
    void shouldHaveNothingLeftOfAStoredImage() {
        // Given
        Job job = job("one", 1);
        tell(events.accepted(job));

        // When
        tell(events.imageStored(job, ImageStored.getDefaultInstance()));

        // Then
        assertThat(replica.board.all()).noneMatch(PoolReading::active).allMatch(reading -> reading.seconds() == 0);
    }

    @Test
    void shouldDropWhatAFailedJobLeaves() {
        // Given
        Job job = job("one", 16);
        tell(events.accepted(job));

        // When
        tell(events.failed(job, JobFailed.getDefaultInstance()));

        // Then
        assertThat(replica.board.read(GENERATORS).seconds()).isZero();
        assertThat(replica.board.read(GENERATORS).perSecond()).isZero();
        assertThat(replica.board.read(DECODERS).active()).isFalse();
    }

    @Test
    void shouldGoByWhatImagesTookOnceOneWasMeasured() {
        // Given
        Job job = job("one", 3);
        tell(events.accepted(job));

        // When
        tell(events.generationCompleted(job, 0, TOKENS, Duration.ofSeconds(5)));

        // Then
        PoolReading generators = replica.board.read(GENERATORS);
        assertThat(generators.queuedSeconds()).isCloseTo(10, within(1e-9));
        assertThat(generators.rates()).singleElement().satisfies(rate -> {
            assertThat(rate.measured()).isTrue();
            assertThat(rate.secondsPerImage()).isCloseTo(3.5 * 2.5, within(1e-9));
        });
    }

    @Test
    void shouldMeasureAnImageWhoseLastTokenWasToldBefore() {
        // Given
        Job job = job("one", 2);
        tell(events.accepted(job));
        tell(events.generationProgressed(job, 0, TOKENS, TOKENS));

        // When
        tell(events.generationCompleted(job, 0, TOKENS, Duration.ofSeconds(4)));

        // Then
        assertThat(replica.board.read(GENERATORS).queuedSeconds()).isCloseTo(4, within(1e-9));
    }

    @Test
    void shouldStayTrueUntilAHundredJobsAreDone() {
        // Given two engines, and images that take three seconds where the bundle declares two
        List<Job> jobs = new ArrayList<>();
        for (int number = 0; number < 100; number++) {
            jobs.add(job("job-" + number, 1));
            tell(events.accepted(jobs.getLast()));
        }
        double truth = 300;
        for (int pair = 0; pair < jobs.size(); pair += 2) {
            for (int tokens = 1; tokens <= TOKENS; tokens++) {

                // When
                clock.advance(Duration.ofMillis(250));
                truth -= 0.5;
                work(jobs.get(pair), tokens);
                work(jobs.get(pair + 1), tokens);

                // Then
                if (pair > 0 || tokens == TOKENS) {
                    assertThat(replica.board.read(GENERATORS).seconds()).isCloseTo(truth, within(1e-6 + 0.1 * truth));
                }
            }
        }
        assertThat(replica.board.read(GENERATORS).active()).isFalse();
    }

    @Test
    void shouldSayWhenTheWorkWillBeDone() {
        // Given
        Job job = job("one", 10);
        tell(events.accepted(job));
        for (int image = 0; image < 5; image++) {
            tell(events.generationCompleted(job, image, TOKENS, Duration.ofSeconds(2)));
        }

        // When
        clock.advance(Duration.ofSeconds(10));

        // Then
        PoolReading generators = replica.board.read(GENERATORS);
        assertThat(generators.perSecond()).isCloseTo(1, within(1e-9));
        assertThat(generators.etaSeconds().orElseThrow()).isCloseTo(10, within(1e-9));
    }

    @Test
    void shouldReadTheSameAfterARestart() {
        // Given
        Job job = job("one", 4);
        tell(events.accepted(job));
        tell(events.accepted(job("two", 2)));
        tell(events.generationCompleted(job, 0, TOKENS, Duration.ofSeconds(3)));
        tell(events.generationProgressed(job, 1, 7, TOKENS));
        tell(events.imageStored(job, ImageStored.getDefaultInstance()));

        // When
        Replica restarted = new Replica(Pools.of(Map.of(), TARGET, TestModels.both()));
        log.forEach(restarted.views::apply);

        // Then
        assertThat(restarted.board.all()).isEqualTo(replica.board.all());
    }

    @Test
    void shouldNotCountAnEventTwice() {
        // Given
        Job job = job("one", 4);
        List<JobEvent> repeated = List.of(
                events.accepted(job),
                events.generationStarted(job, 0, 1),
                events.generationProgressed(job, 0, 6, TOKENS));
        repeated.forEach(this::tell);
        List<PoolReading> once = replica.board.all();

        // When
        repeated.forEach(this::tell);

        // Then
        assertThat(replica.board.all()).isEqualTo(once);
    }

    @Test
    void shouldAskPoolsThatShareWorkForTheirShareOnly() {
        // Given
        Replica shared = new Replica(new Pools(List.of(
                new Pool("spot", Stage.GENERATOR, Set.of("tiny-text"), TARGET),
                new Pool("steady", Stage.GENERATOR, Set.of("tiny-text", "tiny-class"), TARGET))));

        // When
        shared.views.apply(events.accepted(job("one", 3)));

        // Then
        assertThat(shared.board.all()).extracting(PoolReading::seconds).containsExactly(3.0, 3.0);
    }

    @Test
    void shouldTellAListenerOfTheFirstWorkAndOfTheLast() {
        // Given
        List<Boolean> heard = new ArrayList<>();
        replica.board.listen(GENERATORS, heard::add);
        Job job = job("one", 2);

        // When
        tell(events.accepted(job));
        tell(events.generationCompleted(job, 0, TOKENS, Duration.ofSeconds(2)));
        tell(events.generationCompleted(job, 1, TOKENS, Duration.ofSeconds(2)));

        // Then
        assertThat(heard).containsExactly(false, true, false);
    }

    @Test
    void shouldTellNothingToAListenerThatHasGone() {
        // Given
        List<Boolean> heard = new ArrayList<>();
        Runnable stop = replica.board.listen(GENERATORS, heard::add);

        // When
        stop.run();
        tell(events.accepted(job("one", 2)));

        // Then
        assertThat(heard).containsExactly(false);
    }

    @Test
    void shouldNameThePoolsThereAreWhenOneIsNot() {
        assertThatExceptionOfType(GatewayException.class)
                .isThrownBy(() -> replica.board.read("none"))
                .withMessageContaining(GENERATORS)
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.POOL_NOT_FOUND));
    }

    private void work(Job job, int tokens) {
        tell(
                tokens < TOKENS
                        ? events.generationProgressed(job, 0, tokens, TOKENS)
                        : events.generationCompleted(job, 0, TOKENS, Duration.ofSeconds(3)));
    }

    private void tell(JobEvent event) {
        log.add(event);
        replica.views.apply(event);
    }

    private static Job job(String id, int images) {
        return TestEvents.ofJob(id, images).job();
    }
}
