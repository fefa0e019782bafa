package dev.tessera.gateway;

import dev.tessera.gateway.PoolSettings.Mode;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads what is to become of a pool: what the body does not name stays as it is. Finds all mistakes at once. */
final class PoolChange {
    private static final int MOST = 100_000;
    private static final Set<String> FIELDS = new LinkedHashSet<>(List.of("min", "max", "mode"));

    private PoolChange() {}

    /** @throws GatewayException with an error for each field that is wrong, or for what does not fit together */
    static PoolSettings of(byte[] body, PoolSettings now) {
        StrictJson.Members members = StrictJson.read(body);
        RequestFields fields = new RequestFields(members);
        members.values().keySet().stream()
                .filter(name -> !FIELDS.contains(name))
                .forEach(name -> fields.error(name, "cannot be changed; give some of " + FIELDS));
        int min = (int) fields.integer("min", 0, MOST).orElse(now.min());
        int max = (int) fields.integer("max", 0, MOST).orElse(now.max());
        Optional<Mode> mode = mode(fields);
        fields.refuseErrors();
        PoolSettings wanted = now.autoscaled()
                ? autoscaled(fields, min, max, mode.orElse(now.mode()))
                : fixed(fields, min, max, mode);
        fields.refuseErrors();
        return wanted;
    }

    private static PoolSettings autoscaled(RequestFields fields, int min, int max, Mode mode) {
        if (max < 1) {
            fields.error("max", "is 0; give at least 1, or the mode drained");
        } else if (min > max) {
            fields.error("min", "is " + min + ", and max is " + max + "; give no more than that");
        }
        return new PoolSettings(true, min, max, mode);
    }

    /** Nobody but its operators changes its size, so there is nothing to pause, and its size before is not known. */
    private static PoolSettings fixed(RequestFields fields, int min, int max, Optional<Mode> mode) {
        if (min != max) {
            fields.error(
                    "max", "is " + max + ", and min is " + min + ", but the pool has a fixed size; give both the same");
        }
        return switch (mode.orElse(max == 0 ? Mode.DRAINED : Mode.RUNNING)) {
            case DRAINED -> PoolSettings.fixed(0);
            case PAUSED -> {
                fields.error(
                        "mode",
                        "is paused, but the pool has a fixed size, which nothing but this changes; leave it out");
                yield PoolSettings.fixed(max);
            }
            case RUNNING -> {
                if (max == 0) {
                    fields.error("mode", "is running, but the pool has no replicas; say how many with min and max");
                }
                yield PoolSettings.fixed(max);
            }
        };
    }

    private static Optional<Mode> mode(RequestFields fields) {
        Optional<String> text = fields.text("mode");
        Optional<Mode> mode = text.flatMap(key -> Arrays.stream(Mode.values())
                .filter(known -> known.key().equals(key))
                .findFirst());
        if (text.isPresent() && mode.isEmpty()) {
            fields.error(
                    "mode",
                    "is none; give one of "
                            + Arrays.stream(Mode.values()).map(Mode::key).collect(Collectors.joining(", ")));
        }
        return mode;
    }
}
