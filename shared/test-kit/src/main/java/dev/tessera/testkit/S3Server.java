package dev.tessera.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A real S3 server (s3proxy over a directory) in a JVM of its own, on a free port. It can be stopped and started again
 * on the same port with the same objects.
 *
 * <p>The system property {@code tessera.s3proxy.jar} names its jar; the build sets it for every test.
 */
public final class S3Server implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(90);
    private static final Duration STOP = Duration.ofSeconds(10);

    private final TemporaryDirectory directory = new TemporaryDirectory("tessera-s3");
    private final int port = FreePorts.next();
    private final Thread lastResort = new Thread(this::kill, "s3-server-kill");
    private Optional<Process> process = Optional.empty();

    private S3Server() {
        directory.write(
                "s3proxy.conf", """
                s3proxy.endpoint=%s
                s3proxy.authorization=aws-v2-or-v4
                s3proxy.identity=%s
                s3proxy.credential=%s
                jclouds.provider=filesystem-nio2
                jclouds.filesystem.basedir=%s
                """.formatted(endpoint(), accessKey(), secretKey(), directory.subdirectory("objects")));
        Runtime.getRuntime().addShutdownHook(lastResort);
    }

    public static S3Server started() {
        var server = new S3Server();
        server.start();
        return server;
    }

    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + port);
    }

    public String accessKey() {
        return "test-access";
    }

    public String secretKey() {
        return "test-secret";
    }

    /** Returns once the server accepts connections. */
    public synchronized void start() {
        if (process.isPresent()) {
            return;
        }
        process = Optional.of(spawn());
        awaitConnection(process.get());
    }

    /** Takes the server away; what it has stored stays. */
    public synchronized void stop() {
        kill();
        process = Optional.empty();
    }

    @Override
    public void close() {
        stop();
        Runtime.getRuntime().removeShutdownHook(lastResort);
        directory.close();
    }

    private Process spawn() {
        var command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-jar",
                jar().toString(),
                "--properties",
                directory.path().resolve("s3proxy.conf").toString());
        try {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException("The S3 server did not start", e);
        }
    }

    private static Path jar() {
        Path jar = Path.of(System.getProperty("tessera.s3proxy.jar", "(tessera.s3proxy.jar is not set)"));
        if (!Files.isRegularFile(jar)) {
            throw new IllegalStateException("No S3 server at " + jar + ": run the tests through Maven");
        }
        return jar;
    }

    private Path log() {
        return directory.path().resolve("s3proxy.log");
    }

    private void awaitConnection(Process started) {
        Instant deadline = Instant.now().plus(START);
        while (!accepts()) {
            if (!started.isAlive() || Instant.now().isAfter(deadline)) {
                throw new IllegalStateException("The S3 server did not come up: " + output());
            }
            pause();
        }
    }

    private boolean accepts() {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    private String output() {
        try {
            return Files.readString(log());
        } catch (IOException e) {
            return "no output";
        }
    }

    private void kill() {
        process.ifPresent(running -> {
            running.destroy();
            try {
                if (!running.waitFor(STOP.toMillis(), TimeUnit.MILLISECONDS)) {
                    running.destroyForcibly().waitFor();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                running.destroyForcibly();
            }
        });
    }

    private static void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while the S3 server started", e);
        }
    }
}
