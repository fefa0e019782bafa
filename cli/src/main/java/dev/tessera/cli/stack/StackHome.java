package dev.tessera.cli.stack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** The directory of one stack, and where in it things lie. */
record StackHome(Path directory) {
    static final String BUCKET = "tessera";

    StackHome {
        directory = directory.toAbsolutePath().normalize();
    }

    Path state() {
        return directory.resolve("stack.json");
    }

    Path lock() {
        return directory.resolve("stack.lock");
    }

    Path secrets() {
        return directory.resolve("secrets.properties");
    }

    Path configuration() {
        return directory.resolve("conf");
    }

    Path logs() {
        return directory.resolve("logs");
    }

    /** What the service logs; it rotates and bounds this file itself. */
    Path log(StackService service) {
        return logs().resolve(service == StackService.BROKER ? "broker.0.log" : service.key() + ".log");
    }

    /** Standard output and error: what the JVM says before logging works, and when it dies. */
    Path console(StackService service) {
        return logs().resolve(service.key() + ".console");
    }

    Path broker() {
        return directory.resolve("broker");
    }

    /** The buckets: one directory each. */
    Path buckets() {
        return directory.resolve("objects");
    }

    Path cache() {
        return directory.resolve("cache");
    }

    /** The children's working directory. */
    Path work() {
        return directory.resolve("work");
    }

    void create() {
        try {
            for (Path path : new Path[] {
                configuration(), logs(), broker(), buckets().resolve(BUCKET), cache(), work(),
            }) {
                Files.createDirectories(path);
            }
            // The S3 server opens a bucket to everybody when others may read its directory.
            Files.setPosixFilePermissions(buckets().resolve(BUCKET), PosixFilePermissions.fromString("rwx------"));
        } catch (IOException e) {
            throw new StackException(StackException.Reason.IO, "cannot write to " + directory + ": " + e, e);
        }
    }

    /** The home of one more process of a service: logs and state of its own, with this stack's keys and caches. */
    StackHome replica(String name) {
        StackHome replica = new StackHome(directory.resolve("replicas").resolve(name));
        try {
            Files.createDirectories(replica.directory());
            if (!Files.exists(replica.cache())) {
                Files.createSymbolicLink(replica.cache(), cache());
            }
            Files.deleteIfExists(replica.secrets());
            Files.copy(secrets(), replica.secrets());
        } catch (IOException e) {
            throw new StackException(StackException.Reason.IO, "cannot write to " + replica.directory() + ": " + e, e);
        }
        replica.create();
        return replica;
    }

    /** Writes a file that others of this machine shall not read. */
    static void writePrivately(Path file, String text) {
        try {
            Files.deleteIfExists(file);
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new StackException(StackException.Reason.IO, "cannot write " + file + ": " + e, e);
        }
    }
}
