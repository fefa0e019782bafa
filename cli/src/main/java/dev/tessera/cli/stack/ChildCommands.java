package dev.tessera.cli.stack;

import com.sun.management.OperatingSystemMXBean;
import java.io.File;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Composes the command line of every child of one stack. */
final class ChildCommands {
    private static final String LOG_FILE_SIZE = "8M";

    private final StackSettings settings;
    private final StackHome home;
    private final StackPorts ports;
    private final StackSecrets secrets;
    private final Installation installation;
    private final ServerConfiguration configuration;

    ChildCommands(StackSettings settings, StackHome home, StackPorts ports, StackSecrets secrets) {
        this.settings = settings;
        this.home = home;
        this.ports = ports;
        this.secrets = secrets;
        this.installation = new Installation(settings.installation());
        this.configuration = new ServerConfiguration(home, ports, secrets);
    }

    ServerConfiguration configuration() {
        return configuration;
    }

    ChildCommand command(StackService service) {
        Installation.Program program = installation.program(service);
        List<String> virtualMachine = virtualMachine(service);
        StartupCache cache = StartupCache.of(home.cache().resolve("aot"), service, virtualMachine, program.classPath());
        Path argumentFile = home.configuration().resolve(service.key() + ".arguments");
        List<String> words = new ArrayList<>(ownSession());
        words.addAll(List.of(java(), "@" + argumentFile));
        List<String> arguments = new ArrayList<>(virtualMachine);
        // Another path in each home, which a cache does not depend on: replicas share those of their stack.
        arguments.add("-XX:ErrorFile=" + home.logs().resolve(service.key() + ".crash"));
        arguments.addAll(cache.options(settings.startupCaches()));
        properties(service, program).forEach((key, value) -> arguments.add("-D" + key + "=" + value));
        arguments.addAll(List.of("-cp", classPath(program), program.mainClass()));
        arguments.addAll(arguments(service));
        boolean recording = settings.startupCaches() == StackSettings.StartupCaches.USE_AND_MAKE && !cache.exists();
        return new ChildCommand(
                service,
                words,
                argumentFile,
                arguments,
                environment(service),
                recording ? Optional.of(cache) : Optional.empty());
    }

    /** Formats the broker's directory, which must be empty. */
    List<String> formatBroker() {
        Installation.Program program = installation.broker("kafka.tools.StorageTool");
        return List.of(
                java(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx128m",
                "-Djava.util.logging.config.file=" + configuration.brokerLogging(),
                "-cp",
                classPath(program),
                program.mainClass(),
                "format",
                "--cluster-id",
                secrets.clusterId(),
                "--config",
                configuration.brokerProperties().toString(),
                "--ignore-formatted");
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** A session of its own keeps a child alive when Ctrl-C ends the command that started it. */
    private static List<String> ownSession() {
        return List.of("/usr/bin/setsid", "/bin/setsid").stream()
                .filter(path -> Files.isExecutable(Path.of(path)))
                .findFirst()
                .map(List::of)
                .orElse(List.of());
    }

    private static String classPath(Installation.Program program) {
        return program.classPath().stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    }

    private List<String> virtualMachine(StackService service) {
        List<String> options = new ArrayList<>(List.of(
                "-XX:+UseSerialGC",
                "-XX:+ExitOnOutOfMemoryError",
                "-Xlog:disable",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                // Quarkus resets the thread locals of its pool threads.
                "--add-opens=java.base/java.lang=ALL-UNNAMED"));
        options.addAll(memory(service));
        if (!isBusyInJava(service)) {
            options.add("-XX:TieredStopAtLevel=1");
        }
        return options;
    }

    /** Sampling, and PNG compression, run in Java and deserve the optimizing compiler. */
    private static boolean isBusyInJava(StackService service) {
        return switch (service) {
            case GENERATOR, SUPERRES, DECODER -> true;
            case BROKER, OBJECT_STORE, GATEWAY, TOKENIZER -> false;
        };
    }

    /** Models and key/value caches lie outside the heap. */
    private static List<String> memory(StackService service) {
        return switch (service) {
            case BROKER -> List.of("-Xmx256m");
            case OBJECT_STORE, GATEWAY -> List.of("-Xmx128m");
            case TOKENIZER, DECODER -> List.of("-Xmx256m");
            case GENERATOR, SUPERRES -> List.of("-Xmx512m", "-XX:MaxDirectMemorySize=" + physicalMemory() / 2);
        };
    }

    private static long physicalMemory() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getTotalMemorySize();
    }

    private Map<String, String> properties(StackService service, Installation.Program program) {
        Map<String, String> properties = new LinkedHashMap<>();
        switch (service) {
            case BROKER ->
                properties.put(
                        "java.util.logging.config.file",
                        configuration.brokerLogging().toString());
            case OBJECT_STORE ->
                properties.put(
                        "logback.configurationFile",
                        configuration.objectStoreLogging().toString());
            case GATEWAY -> {
                addApplication(properties, service, program);
                addScaler(properties);
            }
            case TOKENIZER, GENERATOR, SUPERRES, DECODER -> addApplication(properties, service, program);
        }
        properties.putAll(settings.properties().getOrDefault(service, Map.of()));
        return properties;
    }

    private void addApplication(Map<String, String> properties, StackService service, Installation.Program program) {
        properties.put("java.util.logging.manager", "org.jboss.logmanager.LogManager");
        properties.put("quarkus.http.host", "127.0.0.1");
        properties.put("quarkus.http.port", Integer.toString(ports.of(service)));
        properties.put("quarkus.log.console.enabled", "false");
        properties.put("quarkus.log.file.enabled", "true");
        properties.put("quarkus.log.file.path", home.log(service).toString());
        properties.put("quarkus.log.file.rotation.max-file-size", LOG_FILE_SIZE);
        properties.put("quarkus.log.file.rotation.max-backup-index", "1");
        properties.put("quarkus.log.file.rotation.rotate-on-boot", "false");
        properties.put("kafka.bootstrap.servers", ports.bootstrapServers());
        properties.put(
                "tessera.object-store.endpoint",
                ports.url(StackService.OBJECT_STORE).toString());
        properties.put("tessera.object-store.bucket", StackHome.BUCKET);
        properties.put("tessera.models.directories", modelDirectories());
        NativeLibraries.unpack(program.classPath(), home.cache())
                .ifPresent(directory -> properties.put(NativeLibraries.PROPERTY, directory.toString()));
    }

    /** Nobody scales a stack on one machine: any port will do. */
    private static void addScaler(Map<String, String> properties) {
        properties.put("quarkus.grpc.server.host", "127.0.0.1");
        properties.put("quarkus.grpc.server.port", "0");
    }

    /** A list as MicroProfile Config writes it. */
    private String modelDirectories() {
        return settings.models().stream()
                .map(path -> path.toString().replace("\\", "\\\\").replace(",", "\\,"))
                .collect(Collectors.joining(","));
    }

    private List<String> arguments(StackService service) {
        return switch (service) {
            case BROKER -> List.of(configuration.brokerProperties().toString());
            case OBJECT_STORE ->
                List.of("--properties", configuration.objectStoreProperties().toString());
            case GATEWAY, TOKENIZER, GENERATOR, SUPERRES, DECODER -> List.of();
        };
    }

    private Map<String, String> environment(StackService service) {
        Map<String, String> environment = new TreeMap<>();
        if (service.isServer()) {
            return environment;
        }
        environment.put("TESSERA_OBJECT_STORE_ACCESS_KEY", secrets.accessKey());
        environment.put("TESSERA_OBJECT_STORE_SECRET_KEY", secrets.secretKey());
        environment.put("DJL_CACHE_DIR", home.cache().resolve("djl").toString());
        environment.put("DJL_OFFLINE", "true");
        return environment;
    }
}
