package dev.tessera.cli.command;

import dev.tessera.cli.stack.StackService;
import dev.tessera.cli.stack.StackSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;

/** The options with which a stack is started. */
final class StackOptions {
    @CommandLine.Option(
            names = "--port",
            paramLabel = "PORT",
            description = "Port of the gateway; without it any free one.")
    int port;

    @CommandLine.Option(
            names = "--models",
            paramLabel = "DIR",
            description =
                    "A model bundle, or a directory of them; may be repeated. Without it: all in the models directory.")
    List<Path> models = new ArrayList<>();

    @CommandLine.Option(
            names = "--set",
            paramLabel = "SERVICE:KEY=VALUE",
            description = "A system property for one service, as in generator:tessera.work.slots=4; may be repeated.")
    Map<String, String> properties = new LinkedHashMap<>();

    @CommandLine.Option(
            names = "--no-startup-cache",
            description = "Neither use nor make the AOT caches that shorten later starts.")
    boolean noStartupCache;

    StackSettings settings(CommandContext context) {
        List<Path> found = ModelDirectories.find(context, models);
        StackSettings settings = StackSettings.of(context.installation(), context.home(), found)
                .withGatewayPort(port)
                .withStartupCaches(startupCaches(context));
        if (found.size() > 1) {
            settings = settings.withProperty(
                    StackService.GATEWAY, "tessera.gateway.default-model", ModelDirectories.defaultModel(found));
        }
        for (Map.Entry<String, String> property : properties.entrySet()) {
            int colon = property.getKey().indexOf(':');
            StackService service = StackService.of(property.getKey().substring(0, Math.max(0, colon)))
                    .orElseThrow(() -> new CommandException(
                            CommandException.Reason.USAGE,
                            "--set " + property.getKey() + " must begin with one of "
                                    + String.join(", ", StackService.keys()) + " and a colon"));
            settings = settings.withProperty(service, property.getKey().substring(colon + 1), property.getValue());
        }
        return settings;
    }

    private StackSettings.StartupCaches startupCaches(CommandContext context) {
        if (noStartupCache) {
            return StackSettings.StartupCaches.OFF;
        }
        // A machine that builds from nothing each time has no later start.
        return context.environment().getOrDefault("CI", "").isEmpty()
                ? StackSettings.StartupCaches.USE_AND_MAKE
                : StackSettings.StartupCaches.USE;
    }
}
