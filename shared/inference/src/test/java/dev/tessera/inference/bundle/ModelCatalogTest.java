package dev.tessera.inference.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tessera.inference.bundle.BundleException.Reason;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelCatalogTest {
    private final Path folder;

    ModelCatalogTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void shouldFindModelsByName() throws IOException {
        // Given
        TestBundles.write(folder.resolve("a"), "cats");
        TestBundles.write(folder.resolve("b"), "birds");

        // When
        ModelCatalog catalog = ModelCatalog.open(List.of(folder.resolve("a"), folder.resolve("b")));

        // Then
        assertThat(catalog.names()).containsExactly("birds", "cats");
        assertThat(catalog.bundle("cats").directory()).isEqualTo(folder.resolve("a"));
        assertThatExceptionOfType(BundleException.class)
                .isThrownBy(() -> catalog.bundle("dogs"))
                .withMessageContaining("no model 'dogs'; there are: [birds, cats]");
    }

    @Test
    void shouldRefuseTwoModelsOfOneName() throws IOException {
        // Given
        TestBundles.write(folder.resolve("a"), "cats");
        TestBundles.write(folder.resolve("b"), "cats");

        // When, Then
        assertThatExceptionOfType(BundleException.class)
                .isThrownBy(() -> ModelCatalog.open(List.of(folder.resolve("a"), folder.resolve("b"))))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.DUPLICATE_MODEL))
                .withMessageContaining(folder.resolve("b").toString());
    }

    @Test
    void shouldRefuseToServeNothing() {
        // When, Then
        assertThatExceptionOfType(BundleException.class)
                .isThrownBy(() -> ModelCatalog.open(List.of()))
                .withMessageContaining("tessera.models.directories");
    }
}
