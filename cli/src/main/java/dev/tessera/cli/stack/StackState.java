package dev.tessera.cli.stack;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What is written down of a started stack, so that another process can find and end it.
 *
 * @param format version of this file
 * @param phase how far the start has come
 * @param startedAt milliseconds since 1970
 * @param installation the repository it runs from
 * @param models bundle directories
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record StackState(
        int format,
        Phase phase,
        long startedAt,
        String installation,
        List<String> models,
        StackPorts ports,
        List<Child> children) {
    static final int FORMAT = 1;

    /** A stack in the phase {@code STARTING} whose starter is gone has failed. */
    enum Phase {
        STARTING,
        READY
    }

    /**
     * One child JVM.
     *
     * @param startedAt when the operating system says it started, in milliseconds since 1970: a process with the same
     *     pid and another start is somebody else's
     * @param recording the startup cache that it writes when it ends; empty if it writes none
     */
    record Child(StackService service, long pid, long startedAt, String recording) {
        boolean isRecording() {
            return !recording.isEmpty();
        }
    }

    StackState {
        models = List.copyOf(models);
        children = List.copyOf(children);
    }

    StackState withPhase(Phase next) {
        return new StackState(format, next, startedAt, installation, models, ports, children);
    }

    StackState withPorts(StackPorts others) {
        return new StackState(format, phase, startedAt, installation, models, others, children);
    }

    /** Replaces the child of the same service. */
    StackState withChild(Child child) {
        List<Child> others = children.stream()
                .filter(other -> other.service() != child.service())
                .toList();
        List<Child> all = new ArrayList<>(others);
        all.add(child);
        all.sort(Comparator.comparing(Child::service));
        return new StackState(format, phase, startedAt, installation, models, ports, all);
    }

    Optional<Child> child(StackService service) {
        return children.stream().filter(child -> child.service() == service).findFirst();
    }
}
