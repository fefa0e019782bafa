package dev.tessera.inference.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tessera.inference.bundle.BundleException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelBundleTest {
    private final Path folder;
    private final ManifestFile written;

    ModelBundleTest(@TempDir Path folder) throws IOException {
        this.folder = folder;
        this.written = TestBundles.write(folder, "letters");
    }

    @Test
    void shouldReadBackWhatWasSealed() {
        // When
        ModelBundle bundle = ModelBundle.open(folder);

        // Then
        assertThat(bundle.manifest())
                .isEqualTo(TestBundles.manifest("letters")
                        .withFiles(bundle.manifest().files()));
        assertThat(bundle.manifest().files()).hasSize(7).containsKey("generator.onnx.data");
        assertThat(bundle.file(BundleFiles.GENERATOR)).isEqualTo(folder.resolve("generator.onnx"));
    }

    @Test
    void shouldDigestTheManifestsBytes() throws IOException, NoSuchAlgorithmException {
        // Given
        byte[] yaml = Files.readAllBytes(folder.resolve("bundle.yaml"));
        String expected =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(yaml));

        // When
        String digest = ModelBundle.open(folder).digest();

        // Then
        assertThat(digest).isEqualTo(expected).isEqualTo(written.digest());
    }

    @Test
    void shouldNameTheFileThatWasAltered() throws IOException {
        // Given
        Files.writeString(folder.resolve("generator.onnx.data"), "content of generator.onnx.datA");

        // When, Then
        refused(Reason.FILE_ALTERED, "generator.onnx.data was altered");
    }

    @Test
    void shouldNameTheFileThatIsMissing() throws IOException {
        // Given
        Files.delete(folder.resolve("caption.onnx"));

        // When, Then
        refused(Reason.FILE_MISSING, "caption.onnx is missing");
    }

    @Test
    void shouldNameTheFileThatNobodyVouchesFor() throws IOException {
        // Given
        Files.writeString(folder.resolve("extra.onnx"), "who am I?");

        // When, Then
        refused(Reason.FILE_UNKNOWN, "extra.onnx is not in bundle.yaml");
    }

    @Test
    void shouldSayThatAFolderIsNoBundle() throws IOException {
        // Given
        Files.delete(folder.resolve("bundle.yaml"));

        // When, Then
        refused(Reason.INVALID_MANIFEST, "bundle.yaml does not exist");
    }

    @Test
    void shouldReadTheManifestAloneWithoutLookingAtTheWeights() throws IOException {
        // Given
        Files.delete(folder.resolve("generator.onnx"));

        // When
        ManifestFile manifest = ModelBundle.readManifest(folder);

        // Then
        assertThat(manifest).isEqualTo(written);
    }

    @Test
    void shouldNotSealAFolderThatLacksAGraph() throws IOException {
        // Given
        Files.delete(folder.resolve("image-decoder.onnx"));

        // When, Then
        assertThatExceptionOfType(BundleException.class)
                .isThrownBy(() -> ManifestFile.seal(folder, TestBundles.manifest("letters")))
                .withMessageContaining("lacks 'image-decoder.onnx'");
    }

    @Test
    void shouldNotSealAFolderWithinTheFolder() throws IOException {
        // Given
        Files.createDirectory(folder.resolve("more"));

        // When, Then
        assertThatExceptionOfType(BundleException.class)
                .isThrownBy(() -> ManifestFile.seal(folder, TestBundles.manifest("letters")))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.FILE_UNKNOWN));
    }

    private void refused(Reason reason, String message) {
        assertThatExceptionOfType(BundleException.class)
                .isThrownBy(() -> ModelBundle.open(folder))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(reason))
                .withMessageContaining(message);
    }
}
