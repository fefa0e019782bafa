package dev.tessera.inference.bundle;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which models a process serves. */
@ConfigMapping(prefix = "tessera.models")
public interface ModelsConfig {
    /** The folders of the model bundles, one for each model. */
    List<Path> directories();

    /**
     * The folders of bundles that new jobs do not get any more: earlier weights of these models, or models that were withdrawn.
     * Jobs that were accepted for them are done.
     */
    Optional<List<Path>> previous();

    /** Bundles that are fetched from the bucket before their folder is opened, each under any name. */
    Map<String, InBucket> bucket();

    /** How long a start waits for a bucket that is away. */
    @WithDefault("PT5M")
    Duration bucketPatience();

    /** A bundle in the bucket. */
    interface InBucket {
        /** The folder that it goes into: one of the directories or of the previous ones, and of this process alone. */
        Path directory();

        /** Where its files lie: their names are the prefix, a slash and the file's name. */
        String prefix();

        /** SHA-256 of its bundle.yaml in lower case hex, to refuse any other; without it, the bundle that is there is taken. */
        Optional<String> digest();
    }
}
