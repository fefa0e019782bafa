package dev.tessera.gateway;

import dev.tessera.v1.JobEvent;
import java.util.ArrayList;
import java.util.List;

/** What is known of a job after each of its events. */
final class JobHistory {
    private JobHistory() {}

    static JobView fold(JobView view, JobEvent... events) {
        return history(view, List.of(events)).getLast();
    }

    static List<JobView> history(JobView start, List<JobEvent> events) {
        List<JobView> history = new ArrayList<>(List.of(start));
        events.forEach(event -> history.add(history.getLast().after(event)));
        return history;
    }
}
