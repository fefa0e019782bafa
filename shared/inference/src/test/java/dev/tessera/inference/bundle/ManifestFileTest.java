package dev.tessera.inference.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tessera.inference.bundle.BundleException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ManifestFileTest {
    private final Path folder;
    private final Path file;

    ManifestFileTest(@TempDir Path folder) throws IOException {
        this.folder = folder;
        this.file = folder.resolve("bundle.yaml");
        TestBundles.write(folder, "letters");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            ignoreLeadingAndTrailingWhitespace = true,
            value = {
                "name: | colour: red~name: | unknown key 'colour'; allowed here: codebook, conditioning,",
                "description: | beschreibung: | missing key 'description'; needed here: codebook, conditioning,",
                "  heads: 8 | |  missing key 'generator.heads'; needed here: headSize, heads, layers, prefixTokens, width",
                "  heads: 8 |   heads: 8.5 | key 'generator.heads'",
                "  heads: 8 |   heads: | key 'generator.heads'",
                "  heads: 8 |   heads: -8 | generator.heads is -8, it must be at least 1",
                "heads: 8 | heads: 8~  heads: 9 | heads",
                "kind: \"text\" | kind: \"song\" | key 'conditioning'",
                "family: \"next-token\" | family: \"diffusion\" | next-token",
                "format: 1 | format: 2 | format is 2, this version reads 1",
                "name: \"letters\" | name: \"../letters\" | name '../letters' is not",
                "\"decoder\" | \"printer\" | key 'stages' names 'printer', which is none of [decoder,",
                "  caption.onnx: |   ../caption.onnx: | key 'files' names '../caption.onnx'",
                "  caption.onnx: |   /etc/passwd: | key 'files' names '/etc/passwd'",
                "  caption.onnx: |   .caption: | key 'files' names '.caption'",
                "  caption.onnx: |   bundle.yaml: | key 'files' names 'bundle.yaml'",
                "  caption.onnx: |   other.onnx: | lacks 'caption.onnx'",
                "licence: | cost: {generator: {secondsPerImage: 0.1}}~licence: | missing key 'cost.generator.secondsPerToken'",
                "licence: | cost: {generator: {secondsPerImage: -1, secondsPerToken: 0}}~licence: | secondsPerImage is -1",
                "licence: | cost: {superres: {secondsPerImage: 1, secondsPerToken: 0}}~licence: | key 'cost' names 'superres'",
                "licence: | cost:~licence: | cost",
                "  caption.onnx: \" | caption.onnx: \"Z | key 'files.caption.onnx' is no SHA-256",
            })
    void shouldNameTheFileTheKeyAndWhatIsAllowed(String found, String replacement, String message) throws IOException {
        // Given
        String lines = replacement == null ? "" : replacement.replace('~', '\n');
        change(yaml -> yaml.replace(found, lines));

        // When, Then
        assertThatExceptionOfType(BundleException.class)
                .isThrownBy(() -> ManifestFile.read(folder))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.INVALID_MANIFEST))
                .withMessageContaining(file.toString())
                .withMessageContaining(message);
    }

    @Test
    void shouldKnowWhatAnImageIsExpectedToTake() throws IOException {
        // Given
        assertThat(ManifestFile.read(folder).manifest().cost()).isEmpty();
        change(yaml -> yaml.replace(
                "licence:", "cost:\n  generator:\n    secondsPerImage: 0.25\n    secondsPerToken: 0.002\nlicence:"));

        // When
        BundleManifest manifest = ManifestFile.read(folder).manifest();

        // Then
        assertThat(manifest.cost()).containsExactly(Map.entry("generator", new StageCost(0.25, 0.002)));
        ManifestFile sealed = ManifestFile.seal(folder, manifest);
        assertThat(sealed.manifest().cost()).isEqualTo(manifest.cost());
    }

    @Test
    void shouldRefuseAliases() throws IOException {
        // Given
        change(yaml -> "a: &a [x, x, x]\nb: &b [*a, *a, *a]\nc: [*b, *b, *b]\n" + yaml);

        // When, Then
        assertThatExceptionOfType(BundleException.class)
                .isThrownBy(() -> ManifestFile.read(folder))
                .withMessageContaining("alias");
    }

    @Test
    void shouldRefuseDeepNesting() throws IOException {
        // Given
        change(yaml -> yaml + "deep: " + "[".repeat(5000) + "]".repeat(5000) + "\n");

        // When, Then
        assertThatExceptionOfType(BundleException.class)
                .isThrownBy(() -> ManifestFile.read(folder))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.INVALID_MANIFEST));
    }

    @Test
    void shouldRefuseAnEndlessFile() throws IOException {
        // Given
        change(yaml -> yaml + "#".repeat(ManifestFile.MAX_BYTES));

        // When, Then
        assertThatExceptionOfType(BundleException.class)
                .isThrownBy(() -> ManifestFile.read(folder))
                .withMessageContaining("is larger than");
    }

    @Test
    void shouldRefuseWhatIsNotYaml() throws IOException {
        // Given
        change(yaml -> "\0\1\2 {");

        // When, Then
        assertThatExceptionOfType(BundleException.class)
                .isThrownBy(() -> ManifestFile.read(folder))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.INVALID_MANIFEST));
    }

    @Test
    void shouldRefuseAnEmptyFile() throws IOException {
        // Given
        change(yaml -> "");

        // When, Then
        assertThatExceptionOfType(BundleException.class)
                .isThrownBy(() -> ManifestFile.read(folder))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.INVALID_MANIFEST));
    }

    private void change(UnaryOperator<String> change) throws IOException {
        String yaml = Files.readString(file);
        String changed = change.apply(yaml);
        assertThat(changed).isNotEqualTo(yaml);
        Files.writeString(file, changed);
    }
}
