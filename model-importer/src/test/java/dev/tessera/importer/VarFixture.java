package dev.tessera.importer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tessera.importer.checkpoint.TensorValues;
import dev.tessera.inference.bundle.ModelBundle;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/** A tiny VAR checkpoint with reference values, made by {@code src/test/python/make_var_fixtures.py} and {@code make_var_encodings.py}. */
final class VarFixture {
    private final Path directory;
    private final JsonNode facts;
    private final JsonNode encoded;

    VarFixture(String name) {
        this.directory = Path.of(System.getProperty("tessera.root"), "model-importer/src/test/resources/var", name);
        try {
            this.facts = new ObjectMapper().readTree(file("expected.json").toFile());
            this.encoded = new ObjectMapper().readTree(file("encoded.json").toFile());
        } catch (IOException e) {
            throw new IllegalStateException("the fixture " + name + " is missing", e);
        }
    }

    Path file(String name) {
        return directory.resolve(name);
    }

    ModelBundle importTo(Path target, VarOptions options) {
        new VarImport(file("var.pth"), file("vae.pth"), options).run("tiny", target, ImportProgress.SILENT);
        return ModelBundle.open(target);
    }

    float cfg() {
        return facts.get("cfg").floatValue();
    }

    List<Integer> scales() {
        return list("scales");
    }

    List<Integer> classes() {
        return list("classes");
    }

    /** All scales' greedy tokens, coarse to fine. */
    int[] tokens(int image) {
        JsonNode tokens = facts.get("tokens").get(image);
        return IntStream.range(0, tokens.size())
                .map(i -> tokens.get(i).intValue())
                .toArray();
    }

    /** A picture of bytes, made -1 to 1: 3 × height × width. */
    float[] picture() {
        JsonNode rgb = encoded.get("rgb");
        int area = rgb.size() / 3;
        float[] pixels = new float[rgb.size()];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i % 3 * area + i / 3] = rgb.get(i).intValue() / 127.5f - 1;
        }
        return pixels;
    }

    /** The picture's tokens of all scales, coarse to fine. */
    int[] pictureTokens() {
        JsonNode tokens = encoded.get("tokens");
        return IntStream.range(0, tokens.size())
                .map(i -> tokens.get(i).intValue())
                .toArray();
    }

    private List<Integer> list(String fact) {
        JsonNode values = facts.get(fact);
        return IntStream.range(0, values.size())
                .mapToObj(i -> values.get(i).intValue())
                .toList();
    }

    /** Reference values in row-major order. */
    float[] floats(String tensor) {
        return TensorValues.of(file("expected.safetensors"), tensor);
    }
}
