package dev.tessera.cli.command;

import dev.tessera.cli.client.GatewayClient;
import dev.tessera.cli.stack.LocalStack;
import dev.tessera.cli.stack.StackException;
import dev.tessera.cli.stack.StackSettings;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** Which gateway to ask: a named one, or that of the local stack. */
final class GatewayOption {
    @CommandLine.Option(
            names = "--gateway",
            paramLabel = "URL",
            description = "Gateway to ask; without it $TESSERA_GATEWAY, or that of the local stack.")
    @Nullable
    URI url;

    /** The one that was named. */
    Optional<URI> named(CommandContext context) {
        String variable = context.environment().getOrDefault("TESSERA_GATEWAY", "");
        if (url == null && variable.isEmpty()) {
            return Optional.empty();
        }
        URI named = url == null ? URI.create(variable) : url;
        if (named.getHost() == null || !String.valueOf(named.getScheme()).matches("https?")) {
            throw new CommandException(
                    CommandException.Reason.USAGE,
                    "'" + named + "' is not the URL of a gateway: give http://host:port");
        }
        return Optional.of(named);
    }

    /** A client of the named gateway, or of the local stack that runs. */
    GatewayClient client(CommandContext context) {
        return new GatewayClient(named(context).orElseGet(() -> local(context)));
    }

    private static URI local(CommandContext context) {
        return LocalStack.find(StackSettings.of(context.installation(), context.home(), List.of()))
                .map(LocalStack::gateway)
                .orElseThrow(() -> new StackException(
                        StackException.Reason.NOT_RUNNING,
                        "no stack runs in " + context.display(context.home()) + ": start one with 'tessera up'"));
    }
}
