package dev.tessera.benchmarks.scaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tessera.benchmarks.scaling.Scenario.PoolShape;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SimulationTest {
    private static final double HOUR = 3600;
    private static final Mix MIX = new Mix(2, 20, 0.2, 0.2);

    @ParameterizedTest
    @EnumSource(Signal.class)
    void shouldDoAllWorkThatComesIn(Signal signal) {
        // Given
        var scenario = new Scenario("", new Arrivals.Steady(2), MIX, new PoolShape(30, 30, 60, 0, 0), 4 * HOUR, 1);

        // When
        Outcome outcome = Simulation.run(scenario, signal, 30);

        // Then
        double came = outcome.images() * MIX.mean() / HOUR;
        assertThat(outcome.images()).isBetween(28_000L, 29_600L);
        assertThat(outcome.workHours()).isCloseTo(came, within(0.05 * came));
        assertThat(outcome.replicaHours()).isCloseTo(30 * 4, within(0.01));
        assertThat(outcome.givenUp()).isZero();
        assertThat(outcome.redoneHours()).isZero();
    }

    @Test
    void shouldDoTheSameTwice() {
        // Given
        var scenario =
                new Scenario("", new Arrivals.Diurnal(2, 0.9), MIX, new PoolShape(0, 60, 120, 1, 25), 6 * HOUR, 7);

        // When
        Outcome one = Simulation.run(scenario, Signal.FULL_BATCHES, 30);
        Outcome other = Simulation.run(scenario, Signal.FULL_BATCHES, 30);

        // Then
        assertThat(one).isEqualTo(other);
        assertThat(one.redoneHours()).isPositive();
    }

    @Test
    void shouldWakeAPoolOfNoneAndPutItToSleepAgain() {
        // Given: five minutes of work, and nothing after them
        var arrivals = new Arrivals.Bursts(0, 1, 100 * HOUR, 300);
        var scenario = new Scenario("", arrivals, new Mix(2, 2, 0, 0), new PoolShape(0, 10, 120, 0, 0), HOUR, 1);

        // When
        Outcome outcome = Simulation.run(scenario, Signal.FULL_BATCHES, 30);

        // Then
        assertThat(outcome.waitP99()).isBetween(60.0, 200.0);
        assertThat(outcome.timeline().getLast().replicas()).isZero();
        assertThat(outcome.mostReplicas()).isBetween(1, 10);
    }

    @Test
    void shouldGiveUpWhatWaitsForMoreThanAnHour() {
        // Given: two images a second for one replica that does a twentieth of that
        var scenario = new Scenario(
                "", new Arrivals.Steady(2), new Mix(10, 10, 0, 0), new PoolShape(1, 1, 60, 0, 0), 3 * HOUR, 1);

        // When
        Outcome outcome = Simulation.run(scenario, Signal.FULL_BATCHES, 30);

        // Then
        assertThat(outcome.givenUp()).isGreaterThan(10_000);
        assertThat(outcome.used()).isCloseTo(1, within(0.02));
        assertThat(outcome.waitP99()).isLessThan(1.02 * HOUR);
    }

    @Test
    void shouldShareAReplicaAmongItsImages() {
        // Given
        Batch batch = new Batch();
        batch.begin(new Batch.Image(0, 1), 0);
        double alone = batch.nextEnd(0);

        // When: a second one comes when half of the first is done
        batch.begin(new Batch.Image(0, 1), alone / 2);
        double first = batch.nextEnd(alone / 2);

        // Then
        assertThat(alone).isCloseTo(1 / Batch.speed(1), within(1e-9));
        assertThat(first).isCloseTo(alone / 2 + 0.5 / (Batch.speed(2) / 2), within(1e-9));
        assertThat(batch.left(first)).isCloseTo(0.5, within(1e-9));
        assertThat(batch.finish(first)).map(Batch.Image::cost).isEqualTo(Optional.of(1.0));
        assertThat(batch.size()).isEqualTo(1);
    }

    @Test
    void shouldBeFasterTheFullerItIs() {
        assertThat(Batch.speed(Batch.SLOTS)).isEqualTo(1);
        assertThat(Batch.speed(1)).isCloseTo(53 / 19.5 / 16, within(1e-9));
        for (int images = 1; images < Batch.SLOTS; images++) {
            assertThat(Batch.speed(images + 1)).isGreaterThan(Batch.speed(images));
        }
    }

    @Test
    void shouldReadQuantilesToAHundredth() {
        // Given
        Waits waits = new Waits();
        for (int i = 1; i <= 1000; i++) {
            waits.add(i);
        }

        // When
        double median = waits.quantile(0.5);

        // Then
        assertThat(median).isCloseTo(500, within(5.1));
        assertThat(waits.quantile(0.99)).isCloseTo(990, within(10.0));
    }
}
