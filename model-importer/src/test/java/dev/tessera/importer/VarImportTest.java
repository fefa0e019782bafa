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
import dev.tessera.inference.bundle.ModelBundle;
import dev.tessera.inference.bundle.NextScaleTransformer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VarImportTest {
    private static final VarOptions PUBLISHED = VarOptions.defaults();

    private final VarFixture fixture = new VarFixture("plain");
    private final Path directory;
    private final Path target;

    VarImportTest(@TempDir Path directory) {
        this.directory = directory;
        this.target = directory.resolve("models/tiny");
    }

    @Test
    void shouldDescribeTheModelAsItsTensorsDo() {
        // When
        BundleManifest manifest = fixture.importTo(target, PUBLISHED).manifest();

        // Then
        assertThat(manifest.family()).isEqualTo(Family.NEXT_SCALE);
        assertThat(manifest.conditioning()).isEqualTo(new ClassConditioning(10));
        assertThat(manifest.image()).isEqualTo(new ImageSize(16, 16));
        assertThat(manifest.grid()).isEqualTo(new Grid(4, 4));
        assertThat(manifest.codebook()).isEqualTo(new Codebook(64, 8));
        assertThat(manifest.generator()).isEqualTo(new NextScaleTransformer(2, 4, 16, 64, List.of(1, 2, 3, 4)));
        assertThat(manifest.tokensPerImage()).isEqualTo(1 + 4 + 9 + 16);
        assertThat(manifest.defaults()).isEqualTo(new Defaults(4f, 1f, 64, 0.95f));
        assertThat(manifest.provenance().sources()).containsOnlyKeys("var/var.pth", "vae/vae.pth");
    }

    @Test
    void shouldWriteTheSameBytesAgain() {
        // Given
        VarOptions options = PUBLISHED.withBundle(PUBLISHED.bundle().withStorage(WeightStorage.FP16));

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

        // When
        imports(fixture.file("var.pth"), fixture.file("vae.pth"), PUBLISHED)
                .run("tiny", target, (step, done, total) -> steps.add(done + "/" + total + " " + step));

        // Then
        assertThat(steps)
                .containsExactly(
                        "0/7 codes.onnx",
                        "1/7 residual.onnx",
                        "2/7 image-decoder.onnx",
                        "3/7 image-encoder.onnx",
                        "4/7 scale-input.onnx",
                        "5/7 condition.onnx",
                        "6/7 generator.onnx");
    }

    @Test
    void shouldRefuseOptionsThatContradictTheCheckpoint() {
        refused(PUBLISHED.withHeads(5), Reason.INVALID_OPTION, "5 heads do not divide the width 64");
        refused(PUBLISHED.withHeads(2), Reason.WRONG_SHAPE, "scale_mul_1H11");
        refused(PUBLISHED.withScales(List.of(1, 2, 3)), Reason.WRONG_SHAPE, "pos_1LC");
        refused(PUBLISHED.withScales(List.of(2, 5)), Reason.INVALID_OPTION, "must begin with 1");
        refused(PUBLISHED.withBundle(PUBLISHED.bundle().withNormGroups(7)), Reason.WRONG_SHAPE, "7");
    }

    @Test
    void shouldSwapNoPartsUnnoticed() {
        // Given
        var swapped = imports(fixture.file("vae.pth"), fixture.file("var.pth"), PUBLISHED);

        // When, Then
        refused(swapped, Reason.MISSING_TENSOR, "has no tensor 'pos_1LC'");
    }

    @Test
    void shouldRefuseAFileThatIsCutShort() throws IOException {
        // Given
        byte[] whole = Files.readAllBytes(fixture.file("var.pth"));
        Path cut = Files.write(directory.resolve("cut.pth"), Arrays.copyOf(whole, whole.length / 2));

        // When, Then
        refused(imports(cut, fixture.file("vae.pth"), PUBLISHED), Reason.MALFORMED_FILE, "cut.pth");
    }

    private static VarImport imports(Path var, Path vae, VarOptions options) {
        return new VarImport(var, vae, options);
    }

    private void refused(VarOptions options, Reason reason, String message) {
        refused(imports(fixture.file("var.pth"), fixture.file("vae.pth"), options), reason, message);
    }

    /** And nothing is left behind. */
    private void refused(VarImport imported, Reason reason, String message) {
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
