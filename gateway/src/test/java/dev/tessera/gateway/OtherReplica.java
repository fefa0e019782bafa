package dev.tessera.gateway;

import dev.tessera.testkit.Eventually;
import dev.tessera.testkit.FreePorts;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.Config;

/** The packaged gateway in a JVM of its own, on the broker and the bucket of the test. */
final class OtherReplica implements AutoCloseable {
    private static final List<String> SHARED = List.of(
            "kafka.bootstrap.servers",
            "tessera.object-store.endpoint",
            "tessera.object-store.bucket",
            "tessera.object-store.access-key",
            "tessera.object-store.secret-key",
            "tessera.models.directories",
            "tessera.gateway.default-model");

    private final Process process;
    private final String url;

    private OtherReplica(Process process, String url) {
        this.process = process;
        this.url = url;
    }

    /** Returns when it is ready. */
    static OtherReplica started(Config config, String... settings) {
        int port = FreePorts.next();
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-Dquarkus.http.host=127.0.0.1",
                "-Dquarkus.http.port=" + port,
                "-Dquarkus.grpc.server.port=0"));
        SHARED.forEach(key -> command.add("-D" + key + "=" + config.getValue(key, String.class)));
        Stream.of(settings).map(setting -> "-D" + setting).forEach(command::add);
        command.addAll(List.of(
                "-jar", Path.of("target", "quarkus-app", "quarkus-run.jar").toString()));
        try {
            Process process = new ProcessBuilder(command).inheritIO().start();
            OtherReplica replica = new OtherReplica(process, "http://127.0.0.1:" + port);
            Eventually.eventually(() -> replica.get("/q/health/ready").then().statusCode(200));
            return replica;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Response get(String path) {
        return RestAssured.given().get(url + path);
    }

    Response post(String path) {
        return RestAssured.given().post(url + path);
    }

    /** As kill -9 does. */
    void kill() {
        process.destroyForcibly().onExit().join();
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }
}
