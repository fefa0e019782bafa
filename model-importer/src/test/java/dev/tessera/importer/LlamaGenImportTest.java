package dev.tessera.importer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.inference.bundle.BundleManifest;
import dev.tessera.inference.bundle.ClassConditioning;
import dev.tessera.inference.bundle.Defaults;
import dev.tessera.inference.bundle.Grid;
import dev.tessera.inference.bundle.ImageSize;
import dev.tessera.inference.bundle.ModelBundle;
import dev.tessera.inference.bundle.NextTokenTransformer;
import dev.tessera.inference.bundle.TextConditioning;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LlamaGenImportTest {
    @Test
    void shouldDescribeAClassConditionalModel(@TempDir Path directory) {
        // Given
        Fixture fixture = Fixture.classes();

        // When
        BundleManifest manifest =
                fixture.importTo(directory.resolve("tiny"), fixture.options()).manifest();

        // Then
        assertThat(manifest.name()).isEqualTo("tiny");
        assertThat(manifest.conditioning()).isEqualTo(new ClassConditioning(10));
        assertThat(manifest.image()).isEqualTo(new ImageSize(64, 64));
        assertThat(manifest.grid()).isEqualTo(new Grid(4, 4));
        assertThat(manifest.generator()).isEqualTo(new NextTokenTransformer(2, 4, 16, 64, 1));
        assertThat(manifest.defaults()).isEqualTo(new Defaults(4f, 1f, 64, 1f));
        assertThat(manifest.provenance().sources()).containsOnlyKeys("gpt/gpt.pt", "vq/vq.pt");
    }

    @Test
    void shouldSayThatAttentionHasSixteenBitsOnlyWhereItHas(@TempDir Path directory) throws IOException {
        // Given
        Fixture fixture = Fixture.classes();

        // When
        ModelBundle whole = fixture.importTo(directory.resolve("whole"), fixture.options());
        ModelBundle half =
                fixture.importTo(directory.resolve("half"), fixture.options().withHalfAttention(true));

        // Then
        assertThat(half.manifest().generator()).isEqualTo(new NextTokenTransformer(2, 4, 16, 64, 1, true));
        assertThat(half.directory().resolve(BundleManifest.FILE_NAME)).content().contains("halfAttention: true");
        assertThat(whole.directory().resolve(BundleManifest.FILE_NAME))
                .content()
                .doesNotContain("halfAttention");
    }

    @Test
    void shouldDescribeATextConditionalModelAsTheOptionsSay(@TempDir Path directory) {
        // Given
        Fixture fixture = Fixture.text();
        Defaults sampling = new Defaults(3f, 0.9f, 50, 0.95f);
        BundleOptions bundle = BundleOptions.of(Sampling.of(sampling))
                .withLicence("MIT")
                .withDescription("A tiny model of random weights");
        LlamaGenOptions options = fixture.options().withBundle(bundle);

        // When
        BundleManifest manifest =
                fixture.importTo(directory.resolve("tiny"), options).manifest();

        // Then
        assertThat(manifest.conditioning()).isEqualTo(new TextConditioning(40, 32));
        assertThat(manifest.defaults()).isEqualTo(sampling);
        assertThat(manifest.licence()).isEqualTo("MIT");
        assertThat(manifest.description()).isEqualTo("A tiny model of random weights");
        assertThat(manifest.provenance().sources())
                .containsOnlyKeys(
                        "gpt/gpt.safetensors",
                        "vq/vq.pt",
                        "t5/config.json",
                        "t5/model.safetensors",
                        "t5/tokenizer.json");
    }

    @Test
    void shouldWriteTheSameBytesAgain(@TempDir Path directory) {
        // Given
        Fixture fixture = Fixture.text();
        LlamaGenOptions options = fixture.halfOptions();

        // When
        ModelBundle first = fixture.importTo(directory.resolve("first"), options);
        ModelBundle second = fixture.importTo(directory.resolve("second"), options);

        // Then: the manifest vouches for every byte of every file
        assertThat(second.digest()).isEqualTo(first.digest());
    }

    @Test
    void shouldStoreMatricesInHalfTheSpaceAndStayClose(@TempDir Path directory) throws IOException {
        // Given
        Fixture fixture = Fixture.classes();
        ModelBundle whole = fixture.importTo(directory.resolve("whole"), fixture.options());

        // When
        ModelBundle half = fixture.importTo(directory.resolve("half"), fixture.halfOptions());

        // Then
        String weights = "generator.onnx.data";
        assertThat(Files.size(half.file(weights))).isLessThan(Files.size(whole.file(weights)) * 6 / 10);
        float[] expected = firstLogits(whole, fixture);
        float[] rounded = firstLogits(half, fixture);
        assertThat(LlamaGenParityTest.difference(expected, 0, rounded, 0, expected.length))
                .isBetween(1e-6f, 2e-2f);
    }

    private static float[] firstLogits(ModelBundle bundle, Fixture fixture) {
        try (var prefixes = new Prefixes(bundle, fixture);
                var run = new GeneratorRun(bundle, 1)) {
            return run.prefill(0, prefixes.of(0, true));
        }
    }

    @Test
    void shouldTellWhatItWrites(@TempDir Path directory) {
        // Given
        Fixture fixture = Fixture.classes();
        List<String> steps = new ArrayList<>();

        // When
        new LlamaGenImport(fixture.sources(), fixture.options())
                .run("tiny", directory.resolve("tiny"), (step, done, total) -> steps.add(done + "/" + total + step));

        // Then
        assertThat(steps)
                .containsExactly(
                        "0/4image-decoder.onnx", "1/4image-encoder.onnx", "2/4embedding.onnx", "3/4generator.onnx");
    }
}
