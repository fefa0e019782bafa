package dev.tessera.cli.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real broker and the real S3 server as children, from start to end. */
class LocalServersIT {
    private final StackSettings settings;

    LocalServersIT(@TempDir Path folder) {
        settings = StackSettings.of(
                        Path.of(System.getProperty("tessera.root")), folder.resolve("a home with spaces"), List.of())
                .withServices(EnumSet.of(StackService.BROKER, StackService.OBJECT_STORE));
    }

    @AfterEach
    void stop() {
        LocalStack.find(settings).ifPresent(LocalStack::close);
    }

    private static List<StackStatus.Health> health(LocalStack stack) {
        return stack.status().services().stream()
                .map(StackStatus.ServiceStatus::health)
                .toList();
    }

    @Test
    void shouldStartBeFoundAndStop() {
        // Given
        LocalStack started = LocalStack.start(settings);

        // When
        LocalStack found = LocalStack.find(settings).orElseThrow();
        StackStatus.Condition whileRunning = found.status().condition();
        List<ProcessHandle> processes = List.of(
                found.process(StackService.BROKER).orElseThrow(),
                found.process(StackService.OBJECT_STORE).orElseThrow());
        found.close();

        // Then
        assertThat(whileRunning).isEqualTo(StackStatus.Condition.READY);
        assertThat(processes).noneMatch(ProcessHandle::isAlive);
        assertThat(LocalStack.find(settings)).isEmpty();
        assertThat(started.process(StackService.BROKER)).isEmpty();
    }

    @Test
    void shouldRefuseASecondStackInTheSameHome() {
        // Given
        LocalStack first = LocalStack.start(settings);

        // When
        StackException e = catchThrowableOfType(StackException.class, () -> LocalStack.start(settings));

        // Then
        assertThat(e.reason()).isEqualTo(StackException.Reason.ALREADY_RUNNING);
        assertThat(e).hasMessageContaining(first.gateway().toString());
        assertThat(health(first)).containsOnly(StackStatus.Health.READY);
    }

    @Test
    void shouldRunTwoStacksSideBySide(@TempDir Path elsewhere) {
        // Given
        LocalStack first = LocalStack.start(settings);
        StackSettings other =
                StackSettings.of(settings.installation(), elsewhere, List.of()).withServices(settings.services());

        // When
        try (LocalStack second = LocalStack.start(other)) {

            // Then
            assertThat(health(first)).containsOnly(StackStatus.Health.READY);
            assertThat(health(second)).containsOnly(StackStatus.Health.READY);
        }
        assertThat(health(first)).containsOnly(StackStatus.Health.READY);
    }

    @Test
    void shouldReportACrashAndStartAgainOnTheSamePort() {
        // Given
        LocalStack stack = LocalStack.start(settings);
        int port = stack.ports().broker();

        // When
        stack.kill(StackService.BROKER);
        StackStatus.Condition afterCrash = stack.status().condition();
        List<StackStatus.Health> healthAfterCrash = health(stack);
        stack.startService(StackService.BROKER);

        // Then
        assertThat(afterCrash).isEqualTo(StackStatus.Condition.DEGRADED);
        assertThat(healthAfterCrash).containsExactly(StackStatus.Health.CRASHED, StackStatus.Health.READY);
        assertThat(stack.status().condition()).isEqualTo(StackStatus.Condition.READY);
        assertThat(stack.ports().broker()).isEqualTo(port);
    }

    @Test
    void shouldKeepBrokerAndBucketOverARestart() throws IOException {
        // Given
        LocalStack.start(settings).close();
        Path kept = settings.home().resolve("broker/meta.properties");
        String identity = Files.readString(kept);

        // When
        LocalStack again = LocalStack.start(settings);

        // Then
        assertThat(again.status().condition()).isEqualTo(StackStatus.Condition.READY);
        assertThat(kept).hasContent(identity);
    }

    @Test
    void shouldNotOpenTheBucketToEverybody() throws Exception {
        // Given an object as the S3 server itself stores it
        BucketAccess bucket = LocalStack.start(settings).bucket();
        Path file = new StackHome(settings.home())
                .buckets()
                .resolve(bucket.bucket())
                .resolve("a");
        Files.writeString(file, "private");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));

        // When
        int listing = unsigned(bucket.endpoint().resolve("/" + bucket.bucket()));
        int object = unsigned(bucket.endpoint().resolve("/" + bucket.bucket() + "/a"));

        // Then
        assertThat(listing).isEqualTo(403);
        assertThat(object).isEqualTo(403);
    }

    private static int unsigned(URI url) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(url).build(), HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        }
    }

    @Test
    void shouldClearUpAfterStateThatIsStale() {
        // Given a stack whose processes are gone, as after a power cut
        LocalStack stack = LocalStack.start(settings);
        settings.services().forEach(stack::kill);

        // When
        LocalStack next = LocalStack.start(settings);

        // Then
        assertThat(next.status().condition()).isEqualTo(StackStatus.Condition.READY);
    }

    @Test
    void shouldShowTheLogOfAChildThatEndsAtOnce() throws IOException {
        // Given a broker's directory that belongs to another node
        StackHome home = new StackHome(settings.home());
        home.create();
        Files.writeString(home.broker().resolve("meta.properties"), "version=1\nnode.id=7\ncluster.id=x\n");

        // When
        StackException e = catchThrowableOfType(StackException.class, () -> LocalStack.start(settings));

        // Then
        assertThat(e.reason()).isEqualTo(StackException.Reason.CHILD_FAILED);
        assertThat(e).hasMessageContaining("broker").hasMessageContaining("node");
        assertThat(LocalStack.find(settings)).isEmpty();
    }

    @Test
    void shouldRefuseAPortThatIsTaken() throws IOException {
        // Given
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {

            // When
            StackException e = catchThrowableOfType(
                    StackException.class, () -> LocalStack.start(settings.withGatewayPort(taken.getLocalPort())));

            // Then
            assertThat(e.reason()).isEqualTo(StackException.Reason.PORT_IN_USE);
        }
    }
}
