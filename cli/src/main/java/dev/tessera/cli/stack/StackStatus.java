package dev.tessera.cli.stack;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/** What is known of a stack at one moment. */
public record StackStatus(
        Condition condition,
        Instant startedAt,
        Path home,
        List<Path> models,
        StackPorts ports,
        List<ServiceStatus> services) {
    public StackStatus {
        models = List.copyOf(models);
        services = List.copyOf(services);
    }

    /** Of the whole. */
    public enum Condition {
        STARTING,
        READY,
        DEGRADED
    }

    /** Of one child. */
    public enum Health {
        /** Serves. */
        READY,
        /** Lives and does not serve, yet or any more. */
        NOT_READY,
        /** Ended without having been told to. */
        CRASHED
    }

    /** @param pid of the child, the last one if it has crashed */
    public record ServiceStatus(StackService service, Health health, long pid, int port, Path log) {}
}
