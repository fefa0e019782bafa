package dev.tessera.inference.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tessera.inference.bundle.BundleException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SuperResolutionTest {
    private final Path folder;

    SuperResolutionTest(@TempDir Path folder) throws IOException {
        this.folder = folder;
        TestBundles.writeUpscaled(folder, "letters");
    }

    @Test
    void shouldReadBackWhatWasSealed() {
        // When
        BundleManifest manifest = ModelBundle.open(folder).manifest();

        // Then
        assertThat(manifest).isEqualTo(TestBundles.upscaled("letters").withFiles(manifest.files()));
        assertThat(manifest.superres().orElseThrow().network())
                .isEqualTo(new MaskedTransformer(
                        List.of(24), 0, 512, manifest.superres().orElseThrow().unmasking()));
    }

    @Test
    void shouldTellTheFinishedPictureFromTheBase() {
        // When
        BundleManifest manifest = ModelBundle.open(folder).manifest();

        // Then
        assertThat(manifest.gridOf(new ImageSize(64, 64))).contains(new Grid(4, 4));
        assertThat(manifest.tokensPerImage()).isEqualTo(16);
        assertThat(manifest.finishedGrid()).isEqualTo(new Grid(8, 8));
        assertThat(manifest.finishedCodebook()).isEqualTo(new Codebook(512, 4));
        assertThat(manifest.encodedImage()).isEqualTo(new ImageSize(32, 32));
    }

    @Test
    void shouldTakeTheBaseForTheFinishedPictureWhereThereIsNoSuchStage() {
        // When
        BundleManifest manifest = TestBundles.manifest("letters");

        // Then
        assertThat(manifest.superres()).isEmpty();
        assertThat(manifest.finishedGrid()).isEqualTo(manifest.grid());
        assertThat(manifest.finishedCodebook()).isEqualTo(manifest.codebook());
        assertThat(manifest.encodedImage()).isEqualTo(manifest.image());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "- \"superres\"~|``|key 'stages' must name 'superres'",
                "superres:~|upscaling:~|unknown key 'upscaling'",
                "  maskToken: 512|  maskToken: 511|key 'superres.maskToken' must be none of the codebook's 512",
                "  maskToken: 512|``|missing key 'superres.maskToken'",
                "  - 24~|  - 0~|generator.contexts is 0",
                "    rows: 8|    rows: 3|key 'superres.grid' must be at least as fine as 'grid'",
                "    rows: 8|    rows: 9|key 'superres.grid' must divide 'image'",
                "    width: 32|    width: 30|key 'superres.grid' must divide 'image', and 'grid' 'superres.baseImage'",
                "    width: 32|    width: 48|key 'image' must be a whole multiple of 'superres.baseImage'",
                "    steps: 8|    steps: 0|steps is 0, it must be 1 to 1000",
                "  superres.onnx:|  other.onnx:|lacks 'superres.onnx'",
                "  superres-condition.onnx:|  other.onnx:|lacks 'superres-condition.onnx'",
            })
    void shouldRefuseWhatDoesNotFit(String found, String replacement, String message) throws IOException {
        // Given
        Path file = folder.resolve("bundle.yaml");
        String yaml = Files.readString(file);
        String changed = yaml.replace(found.replace('~', '\n'), replacement.replace('~', '\n'));
        assertThat(changed).isNotEqualTo(yaml);
        Files.writeString(file, changed);

        // When, Then
        assertThatExceptionOfType(BundleException.class)
                .isThrownBy(() -> ManifestFile.read(folder))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.INVALID_MANIFEST))
                .withMessageContaining(message);
    }
}
