package dev.tessera.importer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tessera.importer.ImportException.Reason;
import dev.tessera.importer.graph.WeightStorage;
import dev.tessera.inference.bundle.BundleManifest;
import dev.tessera.inference.bundle.ClassConditioning;
import dev.tessera.inference.bundle.Codebook;
import dev.tessera.inference.bundle.Defaults;
import dev.tessera.inference.bundle.Family;
import dev.tessera.inference.bundle.Grid;
import dev.tessera.inference.bundle.ImageSize;
import dev.tessera.inference.bundle.MapConditioning;
import dev.tessera.inference.bundle.MapKind;
import dev.tessera.inference.bundle.ModelBundle;
import dev.tessera.inference.bundle.NoConditioning;
import dev.tessera.inference.bundle.WindowedTransformer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TamingImportTest {
    private final TamingFixture fixture = new TamingFixture("class");
    private final Path directory;
    private final Path target;

    TamingImportTest(@TempDir Path directory) {
        this.directory = directory;
        this.target = directory.resolve("models/tiny");
    }

    @Test
    void shouldDescribeTheModelAsItsTensorsAndItsProjectDo() {
        // When
        BundleManifest manifest =
                fixture.importTo(target, TamingOptions.defaults()).manifest();

        // Then
        assertThat(manifest.family()).isEqualTo(Family.WINDOWED);
        assertThat(manifest.conditioning()).isEqualTo(new ClassConditioning(10));
        assertThat(manifest.image()).isEqualTo(new ImageSize(16, 16));
        assertThat(manifest.grid()).isEqualTo(new Grid(4, 4));
        assertThat(manifest.codebook()).isEqualTo(new Codebook(64, 16));
        assertThat(manifest.generator()).isEqualTo(new WindowedTransformer(2, 2, 32, 64, 1, 4, 4096));
        assertThat(manifest.defaults()).isEqualTo(new Defaults(1f, 1f, 64, 1f));
        assertThat(manifest.provenance().sources()).containsOnlyKeys("checkpoint/last.ckpt", "config/project.yaml");
    }

    @Test
    void shouldKnowItsOtherConditions() {
        assertThat(imported("start").conditioning()).isEqualTo(new NoConditioning());
        assertThat(imported("segmentation").conditioning()).isEqualTo(new MapConditioning(MapKind.SEGMENTATION, 5, 32));
        BundleManifest depth = imported("depth");
        assertThat(depth.conditioning()).isEqualTo(new MapConditioning(MapKind.DEPTH, 1, 32));
        assertThat(depth.generator()).isEqualTo(new WindowedTransformer(2, 2, 32, 64, 16, 4, 4096));
    }

    @Test
    void shouldMakeImagesOfAnySizeWithinItsLimits() {
        // When
        BundleManifest manifest = fixture.importTo(
                        target, TamingOptions.defaults().withMaxTokens(80))
                .manifest();

        // Then: four pixels to a token, at least four tokens to a side
        assertThat(manifest.gridOf(new ImageSize(44, 28))).contains(new Grid(7, 11));
        assertThat(manifest.gridOf(new ImageSize(16, 80))).contains(new Grid(20, 4));
        assertThat(manifest.gridOf(new ImageSize(16, 84))).isEmpty();
        assertThat(manifest.gridOf(new ImageSize(12, 16))).isEmpty();
        assertThat(manifest.gridOf(new ImageSize(18, 16))).isEmpty();
    }

    @Test
    void shouldWriteTheSameBytesAgain() {
        // Given
        TamingOptions published = TamingOptions.defaults();
        TamingOptions options = published.withBundle(published.bundle().withStorage(WeightStorage.FP16));

        // When
        ModelBundle first = fixture.importTo(directory.resolve("first"), options);
        ModelBundle second = fixture.importTo(directory.resolve("second"), options);

        // Then: the manifest vouches for every byte of every file
        assertThat(second.digest()).isEqualTo(first.digest());
    }

    @Test
    void shouldTellWhatItWrites() {
        // Given
        List<String> steps = new ArrayList<>();
        var depth = new TamingFixture("depth");

        // When
        new TamingImport(depth.checkpoint(), depth.config(), TamingOptions.defaults())
                .run("tiny", target, (step, done, total) -> steps.add(done + "/" + total + " " + step));

        // Then
        assertThat(steps)
                .containsExactly(
                        "0/5 image-decoder.onnx",
                        "1/5 image-encoder.onnx",
                        "2/5 condition-encoder.onnx",
                        "3/5 embedding.onnx",
                        "4/5 generator.onnx");
    }

    @Test
    void shouldRefuseAProjectThatContradictsTheCheckpoint() throws IOException {
        refused(project("n_head: 2", "n_head: 5"), Reason.INVALID_OPTION, "5 heads do not divide");
        refused(project("n_classes: 10", "n_classes: 65"), Reason.WRONG_SHAPE, "65 classes");
        refused(project("n_classes: 10", "classes: 10"), Reason.MALFORMED_FILE, "n_classes");
    }

    @Test
    void shouldRefuseWhatItHasNoGraphFor() throws IOException {
        refused(project("util.Labelator", "util.CoordStage"), Reason.UNSUPPORTED, "CoordStage");
        refused(
                project("cond_stage_key: \"class\"", "downsample_cond_size: 128"),
                Reason.UNSUPPORTED,
                "downsample_cond_size");
    }

    @Test
    void shouldRunNothingThatTheProjectNames() throws IOException {
        // Given: what an unsafe reader would make an object of
        Path config = Files.writeString(
                directory.resolve("unsafe.yaml"),
                "model: !!java.net.URLClassLoader [[!!java.net.URL [\"http://127.0.0.1:1/\"]]]\n");

        // When, Then
        refused(config, Reason.MALFORMED_FILE, "n_head");
    }

    @Test
    void shouldMissAConditionStageThatTheProjectNames() throws IOException {
        // Given
        Path config = project("util.Labelator", "vqgan.VQSegmentationModel");

        // When, Then: a class model's positions are no condition map and a window
        refused(config, Reason.UNSUPPORTED, "no square window after a condition map");
    }

    @Test
    void shouldRefuseAFileThatIsCutShort() throws IOException {
        // Given
        byte[] whole = Files.readAllBytes(fixture.checkpoint());
        Path cut = Files.write(directory.resolve("cut.ckpt"), Arrays.copyOf(whole, whole.length / 2));

        // When, Then
        refused(new TamingImport(cut, fixture.config(), TamingOptions.defaults()), Reason.MALFORMED_FILE, "cut.ckpt");
    }

    private BundleManifest imported(String name) {
        return new TamingFixture(name)
                .importTo(directory.resolve(name), TamingOptions.defaults())
                .manifest();
    }

    /** The fixture's project with one thing changed. */
    private Path project(String what, String instead) throws IOException {
        String whole = Files.readString(fixture.config());
        assertThat(whole).contains(what);
        return Files.writeString(directory.resolve("changed.yaml"), whole.replace(what, instead));
    }

    private void refused(Path config, Reason reason, String message) {
        refused(new TamingImport(fixture.checkpoint(), config, TamingOptions.defaults()), reason, message);
    }

    /** And nothing is left behind. */
    private void refused(TamingImport imported, Reason reason, String message) {
        assertThatThrownBy(() -> imported.run("tiny", target, ImportProgress.SILENT))
                .isInstanceOfSatisfying(
                        ImportException.class, e -> assertThat(e.reason()).isEqualTo(reason))
                .hasMessageContaining(message);
        assertThat(leftBehind()).isEmpty();
    }

    private List<Path> leftBehind() {
        if (!Files.exists(target.getParent())) {
            return List.of();
        }
        try (Stream<Path> left = Files.list(target.getParent())) {
            return left.toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
