package dev.tessera.inference.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Starts the runtime in processes of its own. */
@Timeout(300)
class OnnxRuntimeTest {
    private final Path folder;

    OnnxRuntimeTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100, 2000})
    void shouldStartHoweverLongTheCommandLineIs(int properties) throws IOException, InterruptedException {
        // Given
        Path arguments = folder.resolve("arguments");
        Files.writeString(arguments, "-cp \"" + System.getProperty("java.class.path") + "\"");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xss1m",
                "-XX:ErrorFile=" + folder.resolve("crash"),
                "--enable-native-access=ALL-UNNAMED"));
        IntStream.range(0, properties)
                .mapToObj(i -> "-Dtessera.some.setting.number" + i + "=/some/folder/of/value" + i)
                .forEach(command::add);
        command.addAll(List.of("@" + arguments, Starting.class.getName()));

        // When
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        // Then
        assertThat(process.waitFor()).as(out).isZero();
        assertThat(out).contains("started");
    }

    /** What such a process does. */
    static final class Starting {
        private Starting() {}

        public static void main(String[] arguments) {
            OnnxRuntime.environment();
            System.out.println("started");
        }
    }
}
