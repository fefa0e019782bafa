package dev.tessera.e2e;

import static dev.tessera.testkit.Eventually.until;

import dev.tessera.cli.client.Job;
import dev.tessera.cli.stack.BucketAccess;
import dev.tessera.objectstore.MinioObjectStore;
import dev.tessera.objectstore.ObjectStat;
import dev.tessera.objectstore.ObjectStore;
import dev.tessera.objectstore.ObjectStoreSettings;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What the jobs of a stack have left in its bucket. */
final class JobObjects {
    private final ObjectStore bucket;

    JobObjects(BucketAccess access) {
        bucket = new MinioObjectStore(
                ObjectStoreSettings.of(access.endpoint(), access.bucket(), access.accessKey(), access.secretKey()));
    }

    /** The names that a job leaves that has made all its images. */
    static List<String> expected(Job job, int images) {
        Stream<String> files = IntStream.range(0, images)
                .boxed()
                .flatMap(i -> Stream.of(folder(job) + i + ".png", folder(job) + i + ".tokens.json"));
        return Stream.concat(files, Stream.of(folder(job) + "job.json")).toList();
    }

    List<String> names(Job job) {
        return bucket.list(folder(job), 100);
    }

    /** The objects of a finished job, each with the second in which it was written, which is over when this returns. */
    Map<String, ObjectStat> written(Job job) {
        until("the job is written down", () -> bucket.stat(folder(job) + "job.json")
                .isPresent());
        Map<String, ObjectStat> stats = names(job).stream()
                .collect(
                        Collectors.toMap(name -> name, name -> bucket.stat(name).orElseThrow()));
        Instant last = stats.values().stream()
                .map(ObjectStat::lastModified)
                .max(Comparator.naturalOrder())
                .orElseThrow();
        until("its second is over", () -> Instant.now().isAfter(last.plusSeconds(1)));
        return stats;
    }

    private static String folder(Job job) {
        return "default/" + job.id() + "/";
    }
}
