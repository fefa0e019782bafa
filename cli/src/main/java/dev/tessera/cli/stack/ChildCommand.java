package dev.tessera.cli.stack;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * How one child is started.
 *
 * @param words the command line; the JVM finds its arguments in the file
 * @param argumentFile where the arguments belong. Class paths are long, and ONNX Runtime, which looks at the command line
 *     it runs under, overflows its stack on one of 16 kB
 * @param arguments of the JVM: options, class path, main class and what follows
 * @param environment what is added to this process's environment; secrets travel here, as command lines are public
 * @param cache the AOT cache this run writes when it ends
 */
record ChildCommand(
        StackService service,
        List<String> words,
        Path argumentFile,
        List<String> arguments,
        Map<String, String> environment,
        Optional<StartupCache> cache) {
    ChildCommand {
        words = List.copyOf(words);
        arguments = List.copyOf(arguments);
        environment = new TreeMap<>(environment);
    }

    /** The file's content, one quoted argument a line, as the java command reads it. */
    String argumentText() {
        return arguments.stream()
                .map(argument -> '"' + argument.replace("\\", "\\\\").replace("\"", "\\\"") + "\"\n")
                .collect(Collectors.joining());
    }

    /** Keeps secrets out of logs. */
    @Override
    public String toString() {
        return String.join(" ", words);
    }
}
