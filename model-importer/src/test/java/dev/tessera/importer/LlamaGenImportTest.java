package dev.tessera.importer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tessera.importer.ImportException.Reason;
import dev.tessera.inference.bundle.BundleManifest;
import dev.tessera.inference.bundle.ClassConditioning;
import dev.tessera.inference.bundle.Defaults;
import dev.tessera.inference.bundle.Grid;
import dev.tessera.inference.bundle.ImageSize;
import dev.tessera.inference.bundle.ModelBundle;
import dev.tessera.inference.bundle.NextTokenTransformer;
import dev.tessera.inference.bundle.TextConditioning;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
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

    @Test
    void shouldOverwriteNothing(@TempDir Path directory) {
        // Given
        Fixture fixture = Fixture.classes();
        var llamaGen = new LlamaGenImport(fixture.sources(), fixture.options());

        // When, Then
        refused(llamaGen, directory, Reason.TARGET_EXISTS, "nothing is overwritten");
    }

    @Test
    void shouldRefuseOptionsThatContradictTheCheckpoint(@TempDir Path directory) {
        Fixture fixture = Fixture.classes();
        Path target = directory.resolve("tiny");
        refused(
                new LlamaGenImport(fixture.sources(), fixture.options().withHeads(0)),
                target,
                Reason.INVALID_OPTION,
                "give its number of heads");
        refused(
                new LlamaGenImport(fixture.sources(), fixture.options().withResolution(100)),
                target,
                Reason.INVALID_OPTION,
                "resolution 100 is not a multiple of 16");
        refused(
                new LlamaGenImport(
                        fixture.sources().withTextEncoder(Fixture.text().file("t5")), fixture.options()),
                target,
                Reason.INVALID_OPTION,
                "takes no text encoder");
        Fixture text = Fixture.text();
        refused(
                new LlamaGenImport(
                        LlamaGenSources.of(text.file("gpt.safetensors"), text.file("vq.pt")), text.options()),
                target,
                Reason.INVALID_OPTION,
                "needs a text encoder");
        assertThatThrownBy(() -> new LlamaGenImport(fixture.sources(), fixture.options())
                        .run("Not A Name", target, ImportProgress.SILENT))
                .isInstanceOf(ImportException.class)
                .hasMessageContaining("'Not A Name'");
        assertThat(target).doesNotExist();
    }

    @Test
    void shouldLeaveNothingBehindWhenAWeightIsNotANumber(@TempDir Path directory) throws IOException {
        // Given
        Fixture fixture = Fixture.text();
        Path gpt = Files.copy(fixture.file("gpt.safetensors"), directory.resolve("gpt.safetensors"));
        try (var file = new RandomAccessFile(gpt.toFile(), "rw")) {
            file.seek(file.length() - Float.BYTES);
            file.write(new byte[] {0, 0, (byte) 0xC0, 0x7F});
        }
        var sources = LlamaGenSources.of(gpt, fixture.file("vq.pt")).withTextEncoder(fixture.file("t5"));
        Path target = directory.resolve("models").resolve("tiny");

        // When, Then
        refused(
                new LlamaGenImport(sources, fixture.options()),
                target,
                Reason.INVALID_WEIGHT,
                "tensor 'tok_embeddings.weight' holds the weight NaN");
        try (Stream<Path> left = Files.list(target.getParent())) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void shouldRefuseATokenizerOfAnotherVocabulary(@TempDir Path directory) throws IOException {
        // Given
        Fixture fixture = Fixture.text();
        Path text = Files.createDirectory(directory.resolve("t5"));
        Files.copy(fixture.file("t5/config.json"), text.resolve("config.json"));
        Files.copy(fixture.file("t5/model.safetensors"), text.resolve("model.safetensors"));
        Files.writeString(
                text.resolve("tokenizer.json"),
                "{\"model\":{\"vocab\":{\"a\":0,\"b\":31999}}}",
                StandardCharsets.UTF_8);
        var sources = LlamaGenSources.of(fixture.file("gpt.safetensors"), fixture.file("vq.pt"))
                .withTextEncoder(text);

        // When, Then
        refused(
                new LlamaGenImport(sources, fixture.options()),
                directory.resolve("tiny"),
                Reason.WRONG_SHAPE,
                "makes 32000 different tokens, the text encoder knows 80");
    }

    @Test
    void shouldSwapNoPartsUnnoticed(@TempDir Path directory) {
        // Given
        Fixture fixture = Fixture.classes();
        var swapped = LlamaGenSources.of(fixture.file("vq.pt"), fixture.file("gpt.pt"));

        // When, Then
        refused(
                new LlamaGenImport(swapped, fixture.options()),
                directory.resolve("tiny"),
                Reason.MISSING_TENSOR,
                "has no tensor 'tok_embeddings.weight'");
    }

    private static void refused(LlamaGenImport llamaGen, Path target, Reason reason, String message) {
        assertThatThrownBy(() -> llamaGen.run("tiny", target, ImportProgress.SILENT))
                .isInstanceOfSatisfying(
                        ImportException.class, e -> assertThat(e.reason()).isEqualTo(reason))
                .hasMessageContaining(message);
    }
}
