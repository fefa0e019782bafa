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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** The real broker and the real S3 server as children, from start to end: most tests go on with what the one before left. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class LocalServersIT {
    @TempDir
    private static Path folder;

    private static StackSettings settings;

    @BeforeAll
    static void start() {
        settings = settings(folder.resolve("a home with spaces"));
        LocalStack started = LocalStack.start(settings);
        assertThat(health(started)).containsOnly(StackStatus.Health.READY);
    }

    @AfterAll
    static void stop() {
        LocalStack.find(settings).ifPresent(LocalStack::close);
    }

    private static StackSettings settings(Path home) {
        return StackSettings.of(Path.of(System.getProperty("tessera.root")), home, List.of())
                .withServices(EnumSet.of(StackService.BROKER, StackService.OBJECT_STORE));
    }

    private static LocalStack found() {
        return LocalStack.find(settings).orElseThrow();
    }

    private static List<StackStatus.Health> health(LocalStack stack) {
        return stack.status().services().stream()
                .map(StackStatus.ServiceStatus::health)
                .toList();
    }

    @Test
    @Order(1)
    void shouldRefuseASecondStackInTheSameHome() {
        // When
        StackException e = catchThrowableOfType(StackException.class, () -> LocalStack.start(settings));

        // Then
        assertThat(e.reason()).isEqualTo(StackException.Reason.ALREADY_RUNNING);
        assertThat(e).hasMessageContaining(found().gateway().toString());
        assertThat(health(found())).containsOnly(StackStatus.Health.READY);
    }

    @Test
    @Order(2)
    void shouldRunTwoStacksSideBySide(@TempDir Path elsewhere) {
        // When
        try (LocalStack second = LocalStack.start(settings(elsewhere))) {

            // Then
            assertThat(health(found())).containsOnly(StackStatus.Health.READY);
            assertThat(health(second)).containsOnly(StackStatus.Health.READY);
        }
        assertThat(health(found())).containsOnly(StackStatus.Health.READY);
    }

    @Test
    @Order(3)
    void shouldNotOpenTheBucketToEverybody() throws Exception {
        // Given an object as the S3 server itself stores it
        BucketAccess bucket = found().bucket();
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
    @Order(4)
    void shouldReportACrashAndStartAgainOnTheSamePort() {
        // Given
        LocalStack stack = found();
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
    @Order(5)
    void shouldStopAndKeepBrokerAndBucketOverARestart() throws IOException {
        // Given
        LocalStack stack = found();
        List<ProcessHandle> processes = List.of(
                stack.process(StackService.BROKER).orElseThrow(),
                stack.process(StackService.OBJECT_STORE).orElseThrow());
        Path kept = settings.home().resolve("broker/meta.properties");
        String identity = Files.readString(kept);

        // When
        stack.close();
        boolean gone = LocalStack.find(settings).isEmpty();
        LocalStack again = LocalStack.start(settings);

        // Then
        assertThat(processes).noneMatch(ProcessHandle::isAlive);
        assertThat(gone).isTrue();
        assertThat(again.status().condition()).isEqualTo(StackStatus.Condition.READY);
        assertThat(kept).hasContent(identity);
    }

    @Test
    @Order(6)
    void shouldClearUpAfterStateThatIsStale() {
        // Given a stack whose processes are gone, as after a power cut
        LocalStack stack = found();
        settings.services().forEach(stack::kill);

        // When
        LocalStack next = LocalStack.start(settings);

        // Then
        assertThat(next.status().condition()).isEqualTo(StackStatus.Condition.READY);
    }

    @Test
    void shouldShowTheLogOfAChildThatEndsAtOnce(@TempDir Path elsewhere) throws IOException {
        // Given a broker's directory that belongs to another node
        StackSettings broken = settings(elsewhere);
        StackHome home = new StackHome(broken.home());
        home.create();
        Files.writeString(home.broker().resolve("meta.properties"), "version=1\nnode.id=7\ncluster.id=x\n");

        // When
        StackException e = catchThrowableOfType(StackException.class, () -> LocalStack.start(broken));

        // Then
        assertThat(e.reason()).isEqualTo(StackException.Reason.CHILD_FAILED);
        assertThat(e).hasMessageContaining("broker").hasMessageContaining("node");
        assertThat(LocalStack.find(broken)).isEmpty();
    }

    @Test
    void shouldRefuseAPortThatIsTaken(@TempDir Path elsewhere) throws IOException {
        // Given
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {

            // When
            StackException e = catchThrowableOfType(
                    StackException.class,
                    () -> LocalStack.start(settings(elsewhere).withGatewayPort(taken.getLocalPort())));

            // Then
            assertThat(e.reason()).isEqualTo(StackException.Reason.PORT_IN_USE);
        }
    }
}
