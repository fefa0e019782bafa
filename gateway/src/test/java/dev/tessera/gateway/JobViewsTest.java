package dev.tessera.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.pipeline.JobEvents;
import dev.tessera.testkit.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class JobViewsTest {
    private final ManualClock clock = new ManualClock(TestEvents.START.plusSeconds(10));
    private final JobViews views = new JobViews(
            job -> job.getModel().equals("tiny-text") ? 12 : 0,
            new JobViews.Retention(Duration.ofMinutes(5), 2),
            clock);

    @Test
    void shouldFoldTheEventsOfEachJob() {
        // Given
        TestEvents one = TestEvents.ofJob("one", 1);
        TestEvents two = TestEvents.ofJob("two", 1);

        // When
        List.of(one.accepted(), two.accepted(), one.encoding(), two.stored(0)).forEach(views::apply);

        // Then
        assertThat(views.find("one")).map(view -> view.state().key()).contains("encoding");
        assertThat(views.find("two")).map(view -> view.state().key()).contains("succeeded");
        assertThat(views.find("one")).map(JobView::tokensTotal).contains(12L);
    }

    @Test
    void shouldIgnoreEventsOfAJobWhoseAcceptanceItNeverSaw() {
        // When
        views.apply(TestEvents.ofJob("old", 1).stored(0));

        // Then
        assertThat(views.all()).isEmpty();
    }

    @Test
    void shouldKeepTheFirstAcceptanceOfAJob() {
        // Given
        views.apply(TestEvents.ofJob("one", 1).accepted());

        // When
        views.apply(TestEvents.ofJob("one", 5).accepted());

        // Then
        assertThat(views.find("one")).map(view -> view.images().size()).contains(1);
    }

    @Test
    void shouldLetGoOfTheJobsThatEndedFirstWhenThereAreTooMany() {
        // When
        for (String id : List.of("a", "b", "c")) {
            TestEvents job = TestEvents.ofJob(id, 1);
            views.apply(job.accepted());
            views.apply(job.stored(0));
        }

        // Then
        assertThat(views.find("a")).isEmpty();
        assertThat(views.all()).hasSize(2);
    }

    @Test
    void shouldLetGoOfJobsThatEndedLongAgoAndOfNoOthers() {
        // Given
        TestEvents ended = TestEvents.ofJob("ended", 1);
        List.of(ended.accepted(), ended.failed("x"), TestEvents.ofJob("open", 1).accepted())
                .forEach(views::apply);

        // When
        clock.advance(Duration.ofMinutes(6));
        views.evict();

        // Then
        assertThat(views.all()).extracting(view -> view.job().getId()).containsExactly("open");
    }

    @Test
    void shouldListTheNewestJobsOfATenantOnly() {
        // Given
        TestEvents other = new TestEvents(
                TestEvents.ofJob("other", 1).job().toBuilder().setTenant("acme").build());
        TestEvents newer = new TestEvents(TestEvents.ofJob("newer", 1).job().toBuilder()
                .setCreatedAt(JobEvents.timestamp(TestEvents.START.plusMillis(1)))
                .build());
        List.of(newer.accepted(), TestEvents.ofJob("older", 1).accepted(), other.accepted())
                .forEach(views::apply);

        // When
        List<JobView> both = views.newest(Tenant.DEFAULT, 5);
        List<JobView> one = views.newest(Tenant.DEFAULT, 1);

        // Then
        assertThat(both).extracting(view -> view.job().getId()).containsExactly("newer", "older");
        assertThat(one).extracting(view -> view.job().getId()).containsExactly("newer");
    }

    @Test
    void shouldTellAListenerTheStateAndThenChangesOnly() {
        // Given
        TestEvents job = TestEvents.ofJob("one", 1);
        views.apply(job.accepted());
        List<String> heard = new ArrayList<>();
        Runnable stop = views.listen("one", view -> heard.add(view.state().key()));

        // When
        views.apply(job.encoding());
        views.apply(job.encoding());
        stop.run();
        views.apply(job.stored(0));

        // Then
        assertThat(heard).containsExactly("queued", "encoding");
    }

    @Test
    void shouldWaitForAJobToBeAsWished() throws InterruptedException {
        // Given
        TestEvents job = TestEvents.ofJob("one", 1);
        Thread log = Thread.ofVirtual().start(() -> {
            views.apply(job.accepted());
            views.apply(job.cancelled());
        });

        // When
        Optional<JobView> view = views.await("one", JobView::finished, Duration.ofMinutes(1));

        // Then
        assertThat(view).map(JobView::finished).contains(true);
        log.join();
    }

    @Test
    void shouldNotWaitForEver() {
        // When
        Optional<JobView> view = views.await("none", JobView::finished, Duration.ofMillis(1));

        // Then
        assertThat(view).isEmpty();
    }
}
