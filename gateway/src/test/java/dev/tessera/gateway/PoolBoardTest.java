package dev.tessera.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import dev.tessera.gateway.GatewayException.Reason;
import dev.tessera.pipeline.Stage;
import dev.tessera.v1.ImageStored;
import dev.tessera.v1.Job;
import dev.tessera.v1.JobEvent;
import dev.tessera.v1.JobFailed;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PoolBoardTest extends PoolBoardFixture {
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
    void shouldNameThePoolsThereAreWhenOneIsNot() {
        assertThatExceptionOfType(GatewayException.class)
                .isThrownBy(() -> replica.board.read("none"))
                .withMessageContaining(GENERATORS)
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.POOL_NOT_FOUND));
    }
}
