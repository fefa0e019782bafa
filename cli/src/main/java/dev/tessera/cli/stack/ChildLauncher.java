package dev.tessera.cli.stack;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Starts children. */
final class ChildLauncher {
    private static final long FORMAT_TIMEOUT_SECONDS = 120;

    private final StackHome home;
    private final ChildCommands commands;

    ChildLauncher(StackSettings settings, StackHome home, StackPorts ports) {
        this.home = home;
        this.commands = new ChildCommands(settings, home, ports, StackSecrets.readOrCreate(home));
    }

    StackState.Child launch(StackService service) {
        ChildCommand command = commands.command(service);
        commands.configuration().write();
        if (service == StackService.BROKER) {
            formatOnce();
        }
        command.cache().ifPresent(StartupCache::prepare);
        StackHome.writePrivately(command.argumentFile(), command.argumentText());
        Process process = start(command.words(), command.environment(), home.console(service));
        return Children.describe(
                service,
                process.toHandle(),
                command.cache().map(cache -> cache.file().toString()).orElse(""));
    }

    private void formatOnce() {
        if (Files.exists(home.broker().resolve("meta.properties"))) {
            return;
        }
        Path console = home.logs().resolve("broker-format.console");
        Process process = start(commands.formatBroker(), Map.of(), console);
        try {
            if (!process.waitFor(FORMAT_TIMEOUT_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new StackException(
                        StackException.Reason.CHILD_FAILED,
                        "the broker's directory cannot be formatted:\n"
                                + String.join("\n", LogTail.lines(console, 20)));
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new StackException(StackException.Reason.CHILD_FAILED, "interrupted", e);
        }
    }

    private Process start(List<String> words, Map<String, String> environment, Path console) {
        ProcessBuilder builder = new ProcessBuilder(words)
                .directory(home.work().toFile())
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                .redirectOutput(console.toFile());
        builder.environment().putAll(environment);
        try {
            return builder.start();
        } catch (IOException e) {
            throw new StackException(StackException.Reason.CHILD_FAILED, "cannot start a process: " + e, e);
        }
    }
}
