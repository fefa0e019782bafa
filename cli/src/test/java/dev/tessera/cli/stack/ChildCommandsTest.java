package dev.tessera.cli.stack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.cli.stack.StackSettings.StartupCaches;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildCommandsTest {
    @TempDir
    Path folder;

    private StackHome home;

    @BeforeEach
    void install() throws IOException {
        Path application = folder.resolve("generator-service/target/quarkus-app");
        Files.createDirectories(application.resolve("lib/main"));
        Files.createFile(application.resolve("quarkus-run.jar"));
        Files.createFile(application.resolve("lib/main/some.jar"));
        home = new StackHome(folder.resolve("home"));
        home.create();
    }

    @Test
    void shouldStartAReplicaFromTheCacheOfItsStack() throws IOException {
        // Given
        ChildCommand first = command(home, StartupCaches.USE_AND_MAKE);
        Path cache = first.cache().orElseThrow().file();
        Files.createDirectories(cache.getParent());
        Files.createFile(cache);

        // When
        StackHome replica = home.replica("second");
        ChildCommand second = command(replica, StartupCaches.USE);

        // Then
        assertThat(second.arguments())
                .contains("-XX:AOTCache=" + replica.cache().resolve("aot").resolve(cache.getFileName()))
                .contains("-XX:ErrorFile=" + replica.logs().resolve("generator.crash"));
        assertThat(replica.cache().toRealPath()).isEqualTo(home.cache().toRealPath());
    }

    private ChildCommand command(StackHome of, StartupCaches caches) {
        StackSettings settings = StackSettings.of(folder, of.directory(), List.of(folder.resolve("model")))
                .withStartupCaches(caches);
        return new ChildCommands(settings, of, StackPorts.choose(0), StackSecrets.readOrCreate(of))
                .command(StackService.GENERATOR);
    }
}
