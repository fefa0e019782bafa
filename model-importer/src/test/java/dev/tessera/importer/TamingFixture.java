package dev.tessera.importer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tessera.importer.checkpoint.TensorValues;
import dev.tessera.inference.bundle.ModelBundle;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.IntStream;

/** A tiny VQGAN + GPT checkpoint with reference values, made by {@code src/test/python/make_taming_fixtures.py}. */
final class TamingFixture {
    private final Path directory;
    private final JsonNode facts;

    TamingFixture(String name) {
        this.directory = Path.of(System.getProperty("tessera.root"), "model-importer/src/test/resources/taming", name);
        try {
            this.facts = new ObjectMapper().readTree(file("expected.json").toFile());
        } catch (IOException e) {
            throw new IllegalStateException("the fixture " + name + " is missing", e);
        }
    }

    Path file(String name) {
        return directory.resolve(name);
    }

    Path checkpoint() {
        return file("last.ckpt");
    }

    Path config() {
        return file("project.yaml");
    }

    ModelBundle importTo(Path target, TamingOptions options) {
        new TamingImport(checkpoint(), config(), options).run("tiny", target, ImportProgress.SILENT);
        return ModelBundle.open(target);
    }

    int images() {
        return facts.get("images").size();
    }

    int rows(int image) {
        return facts.get("images").get(image).get("rows").intValue();
    }

    int columns(int image) {
        return facts.get("images").get(image).get("columns").intValue();
    }

    /** Greedy tokens in raster order. */
    int[] tokens(int image) {
        return integers(facts.get("images").get(image).get("tokens"));
    }

    /** One token, or a whole map in raster order. */
    int[] condition(int image) {
        return integers(facts.get("images").get(image).get("condition"));
    }

    /** What the tensor {@code picture} is encoded to. */
    int[] ids() {
        return IntStream.range(0, facts.get("ids").size())
                .mapToObj(row -> integers(facts.get("ids").get(row)))
                .flatMapToInt(IntStream::of)
                .toArray();
    }

    private static int[] integers(JsonNode values) {
        return IntStream.range(0, values.size())
                .map(i -> values.get(i).intValue())
                .toArray();
    }

    /** Reference values in row-major order. */
    float[] floats(String tensor) {
        return TensorValues.of(file("expected.safetensors"), tensor);
    }
}
