package dev.tessera.inference.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
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
        List<String> settings = IntStream.range(0, properties)
                .mapToObj(i -> "-Dtessera.some.setting.number" + i + "=/some/folder/of/value" + i)
                .toList();
        // When, then
        assertThat(run(Starting.class, settings)).contains("started");
    }

    @Test
    void shouldGoOnWhileTheProcessShutsDown() throws IOException, InterruptedException {
        assertThat(run(ShuttingDown.class, List.of())).contains("ran to the end");
    }

    /** What such a process says. */
    private String run(Class<?> main, List<String> settings) throws IOException, InterruptedException {
        Path arguments = folder.resolve("arguments");
        Files.writeString(arguments, "-cp \"" + System.getProperty("java.class.path") + "\"");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xss1m",
                "-XX:ErrorFile=" + folder.resolve("crash"),
                "--enable-native-access=ALL-UNNAMED"));
        command.addAll(settings);
        command.addAll(List.of("@" + arguments, main.getName()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(out).isZero();
        return out;
    }

    /** Starts the runtime. */
    static final class Starting {
        private Starting() {}

        public static void main(String[] arguments) {
            OnnxRuntime.environment();
            System.out.println("started");
        }
    }

    /** Uses the runtime for longer than all other shutdown hooks take. */
    static final class ShuttingDown {
        private ShuttingDown() {}

        public static void main(String[] arguments) {
            OnnxRuntime.environment();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                for (int i = 0; i < 200; i++) {
                    run();
                }
                System.out.println("ran to the end");
            }));
        }

        private static void run() {
            try (TensorMemory memory = new TensorMemory();
                    OnnxGraph graph = OnnxGraph.open(
                            TestGraphs.file("scaled.onnx"), TestGraphs.SCALED, GraphOptions.defaults())) {
                graph.run(
                        Map.of("values", memory.float32(3, 2), "factor", memory.float32(1)),
                        Map.of("scaled", memory.float32(3, 2), "rows", memory.int64(2)));
            }
        }
    }
}
