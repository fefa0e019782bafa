package dev.tessera.importer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tessera.importer.checkpoint.TensorValues;
import dev.tessera.inference.bundle.ModelBundle;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;

/** A tiny aMUSEd checkpoint with reference values, made by {@code src/test/python/make_masked_fixtures.py}. */
final class AmusedFixture {
    private final Path directory;
    private final JsonNode facts;

    AmusedFixture(String name) {
        this(Path.of(System.getProperty("tessera.root"), "model-importer/src/test/resources/masked", name));
    }

    /** A tiny Muse checkpoint instead, made by {@code src/test/python/make_muse_fixtures.py}. */
    static AmusedFixture muse() {
        return new AmusedFixture(Path.of(System.getProperty("tessera.root"), "model-importer/src/test/resources/muse"));
    }

    /** One with super-resolution, made by {@code src/test/python/make_superres_fixtures.py}. */
    static AmusedFixture superres(String name) {
        return new AmusedFixture(
                Path.of(System.getProperty("tessera.root"), "model-importer/src/test/resources/superres", name));
    }

    private AmusedFixture(Path directory) {
        this.directory = directory;
        try {
            this.facts = new ObjectMapper()
                    .readTree(directory.resolve("expected.json").toFile());
        } catch (IOException e) {
            throw new IllegalStateException("the fixture " + directory + " is missing", e);
        }
    }

    Path directory() {
        return directory;
    }

    ModelBundle importTo(Path target, AmusedOptions options) {
        new AmusedImport(directory, options).run("tiny", target, ImportProgress.SILENT);
        return ModelBundle.open(target);
    }

    int images() {
        return facts.get("prompts").size();
    }

    String prompt(int image) {
        return facts.get("prompts").get(image).asText();
    }

    /** The prompt's padded ids. */
    long[] ids(int image) {
        return numbers(facts.get("ids").get(image));
    }

    /** Those of what guidance leads away from. */
    long[] negativeIds(int image) {
        return numbers(facts.get("negative_ids").get(image));
    }

    int number(String fact) {
        return facts.get(fact).intValue();
    }

    float real(String fact) {
        return facts.get(fact).floatValue();
    }

    /** The image's greedy tokens. */
    long[] tokens(int image) {
        return numbers(facts.get("tokens").get(image));
    }

    /** The base grid's greedy tokens, of which {@link #tokens} were made. */
    long[] baseTokens(int image) {
        return numbers(facts.get("base_tokens").get(image));
    }

    /** The tokens of the picture that the reference encoded. */
    long[] codes() {
        return numbers(facts.get("codes"));
    }

    /** The tokens that a step begins with. */
    long[] before(int image, int step, int cells, long mask) {
        long[] tokens = new long[cells];
        Arrays.fill(tokens, mask);
        if (step > 0) {
            float[] after = floats("after." + image);
            Arrays.setAll(tokens, cell -> (long) after[(step - 1) * cells + cell]);
        }
        return tokens;
    }

    /** From 0 to 1, as the reference has pictures, to −1 to 1. */
    static float[] spread(float[] shares) {
        float[] pixels = new float[shares.length];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = 2 * shares[i] - 1;
        }
        return pixels;
    }

    private static long[] numbers(JsonNode list) {
        return IntStream.range(0, list.size())
                .mapToLong(i -> list.get(i).longValue())
                .toArray();
    }

    /** Reference values in row-major order. */
    float[] floats(String tensor) {
        return TensorValues.of(directory.resolve("expected.safetensors"), tensor);
    }
}
