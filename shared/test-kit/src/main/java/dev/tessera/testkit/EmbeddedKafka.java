package dev.tessera.testkit;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;

/**
 * A real single-node Kafka in this JVM, on free ports and a directory of its own. It can be stopped and started again
 * on the same port with the same data.
 */
public final class EmbeddedKafka implements AutoCloseable {
    /** A broker and each of its clients tell their whole configuration at INFO; referred to so that the level stays. */
    private static final List<Logger> QUIET = Stream.of("org.apache.kafka", "kafka", "state.change.logger")
            .map(Logger::getLogger)
            .toList();

    private final TemporaryDirectory directory = new TemporaryDirectory("tessera-kafka");
    private final int port = FreePorts.next();
    private final Map<String, String> settings;
    private Optional<KafkaRaftServer> server = Optional.empty();

    private EmbeddedKafka(Map<String, String> overrides) {
        QUIET.forEach(logger -> logger.setLevel(Level.WARNING));
        settings =
                new TreeMap<>(defaults(port, FreePorts.next(), directory.path().resolve("log")));
        settings.putAll(overrides);
        format();
    }

    public static EmbeddedKafka started() {
        return started(Map.of());
    }

    /** @param overrides broker properties on top of the kit's own */
    public static EmbeddedKafka started(Map<String, String> overrides) {
        var kafka = new EmbeddedKafka(overrides);
        kafka.start();
        return kafka;
    }

    /** The lock of a share group cannot be shorter than 15 seconds on a broker with default limits; here it can. */
    public static EmbeddedKafka startedWithLock(Duration lock) {
        String millis = String.valueOf(lock.toMillis());
        return started(Map.of(
                "group.share.record.lock.duration.ms", millis,
                "group.share.min.record.lock.duration.ms", millis));
    }

    public String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    public synchronized boolean isRunning() {
        return server.isPresent();
    }

    public synchronized void start() {
        if (server.isPresent()) {
            return;
        }
        var started = new KafkaRaftServer(KafkaConfig.fromProps(properties(), false), Time.SYSTEM);
        started.startup();
        server = Optional.of(started);
    }

    public synchronized void stop() {
        server.ifPresent(running -> {
            running.shutdown();
            running.awaitShutdown();
        });
        server = Optional.empty();
    }

    @Override
    public void close() {
        stop();
        directory.close();
    }

    private Properties properties() {
        var properties = new Properties();
        properties.putAll(settings);
        return properties;
    }

    private void format() {
        String lines = settings.entrySet().stream()
                .map(setting -> setting.getKey() + "=" + setting.getValue())
                .collect(Collectors.joining("\n"));
        Path file = directory.write("server.properties", lines);
        var output = new ByteArrayOutputStream();
        String[] arguments = {
            "format", "-t", Uuid.randomUuid().toString(), "-c", file.toString(), "--standalone", "--ignore-formatted"
        };
        int code = StorageTool.execute(arguments, new PrintStream(output, true, StandardCharsets.UTF_8));
        if (code != 0) {
            throw new IllegalStateException("Kafka's storage was not formatted: " + output);
        }
    }

    private static Map<String, String> defaults(int port, int controllerPort, Path logs) {
        return Map.ofEntries(
                Map.entry("process.roles", "broker,controller"),
                Map.entry("node.id", "1"),
                Map.entry("controller.quorum.bootstrap.servers", "127.0.0.1:" + controllerPort),
                Map.entry("listeners", "PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort),
                Map.entry("advertised.listeners", "PLAINTEXT://127.0.0.1:" + port),
                Map.entry("controller.listener.names", "CONTROLLER"),
                Map.entry("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT"),
                Map.entry("log.dirs", logs.toString()),
                Map.entry("offsets.topic.replication.factor", "1"),
                Map.entry("offsets.topic.num.partitions", "1"),
                Map.entry("transaction.state.log.replication.factor", "1"),
                Map.entry("transaction.state.log.min.isr", "1"),
                Map.entry("transaction.state.log.num.partitions", "1"),
                Map.entry("share.coordinator.state.topic.replication.factor", "1"),
                Map.entry("share.coordinator.state.topic.min.isr", "1"),
                Map.entry("share.coordinator.state.topic.num.partitions", "1"),
                Map.entry("group.share.delivery.count.limit", "10"),
                // Members join and leave often in tests; the default makes each first delivery wait for seconds.
                Map.entry("group.share.heartbeat.interval.ms", "500"),
                Map.entry("group.share.min.heartbeat.interval.ms", "500"),
                Map.entry("group.initial.rebalance.delay.ms", "0"),
                // On a machine that is busy with other tests a late heartbeat is no death.
                Map.entry("broker.session.timeout.ms", "600000"),
                Map.entry("controller.performance.always.log.threshold.ms", "60000"),
                Map.entry("log.cleaner.threads", "1"),
                Map.entry("log.cleaner.dedupe.buffer.size", "16777216"),
                Map.entry("num.network.threads", "2"),
                Map.entry("num.io.threads", "4"),
                Map.entry("background.threads", "2"));
    }
}
