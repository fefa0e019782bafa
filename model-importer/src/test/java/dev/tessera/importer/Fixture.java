package dev.tessera.importer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tessera.importer.checkpoint.TensorValues;
import dev.tessera.importer.graph.WeightStorage;
import dev.tessera.inference.bundle.ModelBundle;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/** A tiny checkpoint with reference values, made by {@code src/test/python/make_fixtures.py}. */
final class Fixture {
    private final Path directory;
    private final JsonNode facts;

    Fixture(String name) {
        this.directory = resources().resolve(name);
        try {
            this.facts = new ObjectMapper().readTree(file("expected.json").toFile());
        } catch (IOException e) {
            throw new IllegalStateException("the fixture " + name + " is missing", e);
        }
    }

    static Path resources() {
        return Path.of(System.getProperty("tessera.root"), "model-importer/src/test/resources/llamagen");
    }

    static Fixture classes() {
        return new Fixture("classes");
    }

    static Fixture oddHeads() {
        return new Fixture("odd-heads");
    }

    static Fixture text() {
        return new Fixture("text");
    }

    Path file(String name) {
        return directory.resolve(name);
    }

    LlamaGenSources sources() {
        return switch (directory.getFileName().toString()) {
            case "text" ->
                LlamaGenSources.of(file("gpt.safetensors"), file("vq.pt")).withTextEncoder(file("t5"));
            case "odd-heads" -> LlamaGenSources.of(file("gpt.pt"), resources().resolve("classes/vq.pt"));
            case "groups" -> LlamaGenSources.of(resources().resolve("classes/gpt.pt"), file("vq.pt"));
            default -> LlamaGenSources.of(file("gpt.pt"), file("vq.pt"));
        };
    }

    LlamaGenOptions options() {
        LlamaGenOptions published = LlamaGenOptions.defaults();
        return published
                .withHeads(number("heads"))
                .withResolution(number("resolution"))
                .withBundle(published
                        .bundle()
                        .withNormGroups(facts.path("normGroups").asInt(32)));
    }

    /** As {@link #options}, with weights in half the space. */
    LlamaGenOptions halfOptions() {
        return options().withBundle(options().bundle().withStorage(WeightStorage.FP16));
    }

    ModelBundle importTo(Path target, LlamaGenOptions options) {
        new LlamaGenImport(sources(), options).run("tiny", target, ImportProgress.SILENT);
        return ModelBundle.open(target);
    }

    int number(String fact) {
        return facts.get(fact).intValue();
    }

    float real(String fact) {
        return facts.get(fact).floatValue();
    }

    int[] numbers(String fact) {
        return numbers(facts.get(fact));
    }

    /** One list of numbers per sequence. */
    List<int[]> sequences(String fact) {
        return IntStream.range(0, facts.get(fact).size())
                .mapToObj(i -> numbers(facts.get(fact).get(i)))
                .toList();
    }

    private static int[] numbers(JsonNode list) {
        return IntStream.range(0, list.size()).map(i -> list.get(i).intValue()).toArray();
    }

    /** Reference values in row-major order. */
    float[] floats(String tensor) {
        return TensorValues.of(file("expected.safetensors"), tensor);
    }
}
