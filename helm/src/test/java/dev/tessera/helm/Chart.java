package dev.tessera.helm;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import com.marcnuri.helm.TemplateCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The chart of this module, as Helm lints and renders it. */
final class Chart {
    /** The tests run in the module's folder. */
    static final Path FOLDER = Path.of("tessera").toAbsolutePath();

    static final String NAMESPACE = "images";

    private static final String KUBERNETES = "1.34.0";

    private Chart() {}

    /** The names of the example values. */
    static Stream<String> examples() {
        try (Stream<Path> files = Files.list(FOLDER.resolve("examples"))) {
            return files.map(file -> file.getFileName().toString().replace(".yaml", "")).sorted().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Path example(String name) {
        return FOLDER.resolve("examples").resolve(name + ".yaml");
    }

    /** An example with further values over it; the later ones win. */
    static Rendering render(String example, String... overrides) {
        return renderInto(NAMESPACE, example, overrides);
    }

    static Rendering render(List<Path> valuesFiles) {
        return render(FOLDER, valuesFiles);
    }

    /** A copy of the chart, rendered. */
    static Rendering render(Path folder, List<Path> valuesFiles) {
        return renderInto(NAMESPACE, folder, valuesFiles);
    }

    /** The same for a release in another namespace. */
    static Rendering renderInto(String namespace, String example, String... overrides) {
        List<Path> files = new ArrayList<>(List.of(example(example)));
        for (String values : overrides) {
            files.add(written(values));
        }
        return renderInto(namespace, FOLDER, files);
    }

    private static Rendering renderInto(String namespace, Path folder, List<Path> valuesFiles) {
        TemplateCommand command = new Helm(folder)
                .template()
                .withName("tessera")
                .withNamespace(namespace)
                .withKubeVersion(KUBERNETES);
        valuesFiles.forEach(command::withValuesFile);
        return Rendering.of(command.call());
    }

    /** Lints the chart in a folder with the values that are in it. */
    static LintResult lint(Path folder) {
        return new Helm(folder).lint().strict().call();
    }

    /** Copies the chart, so that a test may alter it. */
    static void copyTo(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(FOLDER)) {
            for (Path file : files.toList()) {
                Path copy = folder.resolve(FOLDER.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(copy);
                } else {
                    Files.copy(file, copy);
                }
            }
        }
    }

    private static Path written(String values) {
        try {
            Path file = Files.createTempFile("values", ".yaml");
            file.toFile().deleteOnExit();
            return Files.writeString(file, values);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
