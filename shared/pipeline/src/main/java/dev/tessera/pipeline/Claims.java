package dev.tessera.pipeline;

import dev.tessera.objectstore.ObjectStore;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Messages that are too large for the log, in the bucket as {@code claims/<day>/<job>/<id>}; the day is that of the
 * deposit, in UTC.
 *
 * <p>How long a claim is needed: delivery is at least once, so a record may come again after its work was done, at any
 * time while the log has it. Hence nobody who redeems a claim removes it.
 *
 * <ul>
 *   <li>When a job has succeeded, was cancelled or has expired, nothing that is still on the queues for it is wanted. Its
 *       claims are removed then, after its record was written. A record that comes later still is dropped: its claim
 *       is gone and the job's record is there, which together mean that there is nothing left to do. A claim that is
 *       gone without that record fails the job.
 *   <li>The claims of a failed job stay: the dead letter refers to one, and is of no use without it.
 *   <li>What is left, also by a repetition that came after the end, goes when no record can refer to it any more: when
 *       it is older than work and dead letters are kept, taken together.
 * </ul>
 *
 * <p>Every method throws {@link dev.tessera.objectstore.ObjectStoreException}. Safe for use by many threads.
 */
public final class Claims {
    /** The folder of all claims. The other folders of the bucket are the tenants', so no tenant may be named like it. */
    public static final String FOLDER = "claims";

    private static final String ROOT = FOLDER + "/";
    private static final int PAGE = 1000;

    private final ObjectStore bucket;
    private final Clock clock;

    public Claims(ObjectStore bucket, Clock clock) {
        this.bucket = bucket;
        this.clock = clock;
    }

    /** Leaves a value; returns its name. */
    public String deposit(String jobId, byte[] value) {
        String name = folder(today(), jobId) + UUID.randomUUID();
        bucket.putIfAbsent(name, value, "application/protobuf", Map.of());
        return name;
    }

    /** The value; empty when it was removed. */
    public Optional<byte[]> fetch(String name) {
        return bucket.get(name);
    }

    /** Whether a job has its record: then a claim of it that is gone is wanted by nobody. */
    public boolean hasEnded(String tenant, String jobId) {
        return bucket.stat(JobObjects.record(tenant, jobId)).isPresent();
    }

    /**
     * Removes all claims of a job.
     *
     * @param since when the job began
     */
    public void removeOf(String jobId, Instant since) {
        LocalDate today = today();
        for (LocalDate day = day(since); !day.isAfter(today); day = day.plusDays(1)) {
            removeBelow(folder(day, jobId));
        }
    }

    /** Removes the claims of all days that ended at least so long ago; returns how many. */
    public int removeOlderThan(Duration age) {
        LocalDate firstToKeep = day(clock.instant().minus(age));
        int removed = 0;
        while (true) {
            // Names are listed in their order, so the oldest days come first.
            List<String> old = bucket.list(ROOT, PAGE).stream()
                    .takeWhile(name -> isBefore(name, firstToKeep))
                    .toList();
            old.forEach(bucket::delete);
            removed += old.size();
            if (old.size() < PAGE) {
                return removed;
            }
        }
    }

    private void removeBelow(String folder) {
        List<String> names = bucket.list(folder, PAGE);
        while (!names.isEmpty()) {
            names.forEach(bucket::delete);
            names = bucket.list(folder, PAGE);
        }
    }

    private LocalDate today() {
        return day(clock.instant());
    }

    private static LocalDate day(Instant time) {
        return LocalDate.ofInstant(time, ZoneOffset.UTC);
    }

    private static String folder(LocalDate day, String jobId) {
        return ROOT + day + "/" + jobId + "/";
    }

    private static boolean isBefore(String name, LocalDate day) {
        int end = name.indexOf('/', ROOT.length());
        try {
            return end > 0
                    && LocalDate.parse(name.substring(ROOT.length(), end)).isBefore(day);
        } catch (DateTimeException e) {
            // Not one of ours.
            return false;
        }
    }
}
