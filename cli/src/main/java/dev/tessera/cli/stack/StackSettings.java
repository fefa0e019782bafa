package dev.tessera.cli.stack;

import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a local stack is started with.
 *
 * @param installation the built repository
 * @param home directory of everything the stack writes; one stack per home
 * @param models bundle directories
 * @param services which children to run
 * @param gatewayPort 0 for any free port
 * @param startupCaches whether AOT caches are used and made
 * @param startTimeout how long all children together may take until they are ready
 * @param stopTimeout how long a child may take to end after SIGTERM before it is killed
 * @param properties further system properties of single services
 */
public record StackSettings(
        Path installation,
        Path home,
        List<Path> models,
        Set<StackService> services,
        int gatewayPort,
        StartupCaches startupCaches,
        Duration startTimeout,
        Duration stopTimeout,
        Map<StackService, Map<String, String>> properties) {

    /** What to do with AOT caches: a run that makes them starts and stops more slowly. */
    public enum StartupCaches {
        OFF,
        USE,
        USE_AND_MAKE
    }

    public StackSettings {
        installation = installation.toAbsolutePath().normalize();
        home = home.toAbsolutePath().normalize();
        models = models.stream().map(path -> path.toAbsolutePath().normalize()).toList();
        services = EnumSet.copyOf(services);
        if (gatewayPort < 0 || gatewayPort > 65535) {
            throw new IllegalArgumentException("port " + gatewayPort + " is not between 0 and 65535");
        }
        Map<StackService, Map<String, String>> copy = new EnumMap<>(StackService.class);
        properties.forEach((service, values) -> copy.put(service, new TreeMap<>(values)));
        properties = copy;
    }

    /** All services that the models need, on free ports, without startup caches. */
    public static StackSettings of(Path installation, Path home, List<Path> models) {
        return new StackSettings(
                installation,
                home,
                models,
                StackService.needed(models),
                0,
                StartupCaches.OFF,
                Duration.ofMinutes(5),
                Duration.ofMinutes(1),
                Map.of());
    }

    StackSettings withHome(Path directory) {
        return new StackSettings(
                installation,
                directory,
                models,
                services,
                gatewayPort,
                startupCaches,
                startTimeout,
                stopTimeout,
                properties);
    }

    public StackSettings withServices(Set<StackService> chosen) {
        return new StackSettings(
                installation, home, models, chosen, gatewayPort, startupCaches, startTimeout, stopTimeout, properties);
    }

    public StackSettings withGatewayPort(int port) {
        return new StackSettings(
                installation, home, models, services, port, startupCaches, startTimeout, stopTimeout, properties);
    }

    public StackSettings withStartupCaches(StartupCaches chosen) {
        return new StackSettings(
                installation, home, models, services, gatewayPort, chosen, startTimeout, stopTimeout, properties);
    }

    public StackSettings withTimeouts(Duration start, Duration stop) {
        return new StackSettings(
                installation, home, models, services, gatewayPort, startupCaches, start, stop, properties);
    }

    /** Adds a system property to one service. */
    public StackSettings withProperty(StackService service, String key, String value) {
        Map<StackService, Map<String, String>> more = new EnumMap<>(StackService.class);
        more.putAll(properties);
        Map<String, String> values = new TreeMap<>(properties.getOrDefault(service, Map.of()));
        values.put(key, value);
        more.put(service, values);
        return new StackSettings(
                installation, home, models, services, gatewayPort, startupCaches, startTimeout, stopTimeout, more);
    }
}
