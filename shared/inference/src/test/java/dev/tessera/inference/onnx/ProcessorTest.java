package dev.tessera.inference.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProcessorTest {
    @ParameterizedTest
    @CsvSource({
        "amd64, flags : fma avx2 avx512_vnni, true",
        "amd64, flags : avx2 avx_vnni avx2, true",
        "x86_64, flags : avx2 avx512f avx512bw, false",
        "amd64, model name : none, false",
        "aarch64, Features : asimd, true",
    })
    void shouldKnowWhoseProductsOfBytesAreExact(
            String architecture, String line, boolean exact, @TempDir Path directory) throws IOException {
        // Given
        Path description = Files.writeString(directory.resolve("cpuinfo"), "processor : 0\n" + line + "\n");

        // When
        Processor processor = Processor.of(architecture, description);

        // Then
        assertThat(processor.sumsBytesExactly()).isEqualTo(exact);
    }

    @ParameterizedTest
    @CsvSource({"amd64, false", "aarch64, true"})
    void shouldThinkTheWorstOfAProcessorThatNobodyDescribes(
            String architecture, boolean exact, @TempDir Path directory) {
        assertThat(Processor.of(architecture, directory.resolve("none")).sumsBytesExactly())
                .isEqualTo(exact);
    }
}
