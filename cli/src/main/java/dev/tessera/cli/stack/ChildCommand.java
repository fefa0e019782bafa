package dev.tessera.cli.stack;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How one child is started.
 *
 * @param words the command line
 * @param environment what is added to this process's environment; secrets travel here, as command lines are public
 * @param cache the AOT cache this run writes when it ends
 */
record ChildCommand(
        StackService service, List<String> words, Map<String, String> environment, Optional<StartupCache> cache) {
    ChildCommand {
        words = List.copyOf(words);
        environment = new TreeMap<>(environment);
    }

    /** Keeps secrets out of logs. */
    @Override
    public String toString() {
        return String.join(" ", words);
    }
}
