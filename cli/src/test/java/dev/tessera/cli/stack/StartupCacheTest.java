package dev.tessera.cli.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartupCacheTest {
    private final Path folder;
    private final Path jar;

    StartupCacheTest(@TempDir Path folder) throws IOException {
        this.folder = folder;
        this.jar = Files.writeString(folder.resolve("a.jar"), "jar");
    }

    private StartupCache cache() {
        return StartupCache.of(folder.resolve("aot"), StackService.BROKER, List.of("-Xmx1m"), List.of(jar));
    }

    private void record(StartupCache cache) throws IOException {
        cache.prepare();
        String option = cache.options(StackSettings.StartupCaches.USE_AND_MAKE).getFirst();
        Files.writeString(Path.of(option.substring(option.indexOf('=') + 1)), "cache");
    }

    @Test
    void shouldRecordFirstAndUseThen() throws IOException {
        // Given
        StartupCache cache = cache();

        // When
        record(cache);
        List<String> before = cache.options(StackSettings.StartupCaches.USE);
        cache.adopt();

        // Then
        assertThat(before).isEmpty();
        assertThat(cache().options(StackSettings.StartupCaches.USE_AND_MAKE))
                .containsExactly("-XX:AOTCache=" + cache.file());
    }

    @Test
    void shouldNotFindTheCacheOfAnotherClassPath() throws IOException {
        // Given
        record(cache());
        cache().adopt();

        // When
        Files.setLastModifiedTime(jar, FileTime.fromMillis(1));

        // Then
        assertThat(cache().exists()).isFalse();
    }

    @Test
    void shouldRemoveWhatIsOutdatedWhenANewOneIsThere() throws IOException {
        // Given
        StartupCache old = cache();
        record(old);
        old.adopt();
        Files.setLastModifiedTime(jar, FileTime.fromMillis(1));

        // When
        record(cache());
        cache().adopt();

        // Then
        assertThat(old.file()).doesNotExist();
        assertThat(cache().exists()).isTrue();
    }

    @Test
    void shouldDoNothingWhenSwitchedOff() throws IOException {
        // Given
        record(cache());
        cache().adopt();

        // When / Then
        assertThat(cache().options(StackSettings.StartupCaches.OFF)).isEmpty();
    }
}
