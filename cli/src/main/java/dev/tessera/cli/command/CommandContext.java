package dev.tessera.cli.command;

import dev.tessera.cli.terminal.Terminal;
import java.nio.file.Path;
import java.util.Map;

/**
 * What every command is given.
 *
 * @param installation the built repository
 * @param home of the local stack
 * @param directory that relative paths start from
 */
public record CommandContext(
        Terminal terminal, Path installation, Path home, Path directory, Map<String, String> environment) {
    public CommandContext {
        environment = Map.copyOf(environment);
    }

    /** This process's: {@code -Dtessera.root}, {@code TESSERA_HOME}, {@code NO_COLOR}. */
    public static CommandContext system() {
        Map<String, String> environment = System.getenv();
        Path directory = Path.of("").toAbsolutePath();
        Path installation = directory.resolve(System.getProperty("tessera.root", ""));
        String home = environment.getOrDefault("TESSERA_HOME", "");
        return new CommandContext(
                Terminal.system(environment),
                installation,
                home.isEmpty() ? installation.resolve(".tessera") : directory.resolve(home),
                directory,
                environment);
    }

    /** A path as the user wrote it. */
    Path resolve(Path path) {
        return directory.resolve(path).normalize();
    }

    /** A path as the user would write it. */
    String display(Path path) {
        Path absolute = path.toAbsolutePath().normalize();
        return absolute.startsWith(directory) ? directory.relativize(absolute).toString() : absolute.toString();
    }
}
