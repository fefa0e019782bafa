package dev.tessera.inference.bundle;

import static java.nio.file.StandardOpenOption.APPEND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tessera.inference.bundle.BundleException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelCatalogTest {
    private final Path folder;
    private final BucketFolder bucket = new BucketFolder();
    private final Map<String, ModelsConfig.InBucket> inBucket = new HashMap<>();

    ModelCatalogTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void shouldOpenTodaysModelsInOrderAndThenEarlierOnes() throws IOException {
        // Given
        write("a", "cats");
        write("b", "birds");
        write("c", "cats");
        Files.writeString(folder.resolve("c/bundle.yaml"), "# of last year\n", APPEND);

        // When
        List<ModelBundle> bundles = catalog(List.of("a", "b"), List.of("c")).open();

        // Then
        assertThat(bundles).extracting(ModelBundle::directory).containsExactlyElementsOf(paths("b", "a", "c"));
        assertThat(bundles.get(1).digest()).isNotEqualTo(bundles.get(2).digest());
        assertThat(catalog(List.of("a", "b"), List.of("c")).readManifests())
                .containsOnlyKeys("birds", "cats")
                .hasEntrySatisfying("cats", file -> assertThat(file.directory()).isEqualTo(folder.resolve("a")));
    }

    @Test
    void shouldRefuseTwoModelsOfOneName() throws IOException {
        // Given
        write("a", "cats");
        write("b", "cats");

        // When, Then
        assertThatExceptionOfType(BundleException.class)
                .isThrownBy(() -> catalog(List.of("a", "b"), List.of()).open())
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.DUPLICATE_MODEL))
                .withMessageContaining(folder.resolve("b").toString())
                .withMessageContaining("tessera.models.previous");
    }

    @Test
    void shouldRefuseTodaysBundleAsAnEarlierOne() throws IOException {
        // Given
        write("a", "cats");
        write("b", "cats");

        // When, Then
        assertThatExceptionOfType(BundleException.class)
                .isThrownBy(() -> catalog(List.of("a"), List.of("b")).open())
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.DUPLICATE_MODEL))
                .withMessageContaining(folder.resolve("b") + " is the same bundle as " + folder.resolve("a"));
    }

    @Test
    void shouldRefuseToServeNothing() {
        // When, Then
        assertThatExceptionOfType(BundleException.class)
                .isThrownBy(() -> catalog(List.of(), List.of()).open())
                .withMessageContaining("tessera.models.directories");
    }

    @Test
    void shouldFillFoldersFromTheBucketBeforeTheyAreOpened() throws IOException {
        // Given
        write("a", "cats");
        bucket.put(
                "bundles/birds",
                TestBundles.write(folder.resolve("original"), "birds").directory());
        inBucket.put("today", inBucket("b", "bundles/birds"));
        inBucket.put("earlier", inBucket("c", "bundles/cats"));
        TestBundles.write(folder.resolve("of-may"), "cats");
        Files.writeString(folder.resolve("of-may/bundle.yaml"), "# of May\n", APPEND);
        bucket.put("bundles/cats", folder.resolve("of-may"));

        // When
        List<ModelBundle> bundles = catalog(List.of("a", "b"), List.of("c")).open();

        // Then
        assertThat(bundles).extracting(ModelBundle::name).containsExactly("birds", "cats", "cats");
        assertThat(bundles).extracting(ModelBundle::directory).containsExactlyElementsOf(paths("b", "a", "c"));
    }

    @Test
    void shouldFetchNothingButTodaysManifestsForWhoReadsThoseAlone() throws IOException {
        // Given
        bucket.put(
                "bundles/birds",
                TestBundles.write(folder.resolve("original"), "birds").directory());
        inBucket.put("today", inBucket("b", "bundles/birds"));
        inBucket.put("earlier", inBucket("c", "bundles/cats"));

        // When
        var manifests = catalog(List.of("b"), List.of("c")).readManifests();

        // Then
        assertThat(manifests).containsOnlyKeys("birds");
        assertThat(bucket.asked).containsExactly("bundles/birds/bundle.yaml");
    }

    @Test
    void shouldRefuseABundleOfTheBucketsWithoutAFolderOfItsOwn() {
        // Given
        inBucket.put("birds", inBucket("b", "bundles/birds"));

        // When, Then
        assertThatIllegalArgumentException()
                .isThrownBy(() -> catalog(List.of("a"), List.of()))
                .withMessageContaining("tessera.models.bucket.birds.directory is " + folder.resolve("b"));
        inBucket.put("birds-again", inBucket("b", "bundles/birds"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> catalog(List.of("b"), List.of()))
                .withMessageContaining("two bundles for the folder " + folder.resolve("b"));
    }

    private void write(String directory, String model) throws IOException {
        TestBundles.write(folder.resolve(directory), model);
    }

    private ModelsConfig.InBucket inBucket(String directory, String prefix) {
        return new ModelsConfig.InBucket() {
            @Override
            public Path directory() {
                return folder.resolve(directory);
            }

            @Override
            public String prefix() {
                return prefix;
            }

            @Override
            public Optional<String> digest() {
                return Optional.empty();
            }
        };
    }

    private ModelCatalog catalog(List<String> directories, List<String> previous) {
        return new ModelCatalog(models(directories, previous), bucket);
    }

    private ModelsConfig models(List<String> directories, List<String> previous) {
        return new ModelsConfig() {
            @Override
            public Map<String, InBucket> bucket() {
                return inBucket;
            }

            @Override
            public Duration bucketPatience() {
                return Duration.ofSeconds(1);
            }

            @Override
            public List<Path> directories() {
                return paths(directories.toArray(String[]::new));
            }

            @Override
            public Optional<List<Path>> previous() {
                return Optional.of(paths(previous.toArray(String[]::new))).filter(paths -> !paths.isEmpty());
            }
        };
    }

    private List<Path> paths(String... directories) {
        return Stream.of(directories).map(folder::resolve).toList();
    }
}
