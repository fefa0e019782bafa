package dev.tessera.importer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tessera.inference.bundle.BundleFiles;
import dev.tessera.inference.bundle.ModelBundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The tiny aMUSEd checkpoints under the names and in the folders of openMUSE, as diffusers' converter lists them. */
class OpenMuseImportTest {
    private static final int LAYERS = 2;
    private static final int BLOCKS = 2;

    private final Path directory;

    OpenMuseImportTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @ParameterizedTest
    @CsvSource({"plain, '', 3, 16", "halved, .fp16, 2, 16"})
    void shouldMakeTheGraphsOfThePublishedNames(String name, String suffix, int levels, int pixels) throws IOException {
        // Given
        var fixture = new AmusedFixture(name);
        AmusedOptions options = AmusedOptions.defaults().withResolution(pixels);
        ModelBundle published = fixture.importTo(directory.resolve("published"), options);
        Path old = openMuse(fixture.directory(), suffix, levels);

        // When
        new AmusedImport(old, options).run("tiny", directory.resolve("old"), ImportProgress.SILENT);

        // Then
        ModelBundle made = ModelBundle.open(directory.resolve("old"));
        assertThat(withoutImageGraphs(made)).isEqualTo(withoutImageGraphs(published));
        assertSamePictures(fixture, made, published);
        assertThat(made.manifest().generator()).isEqualTo(published.manifest().generator());
        assertThat(made.manifest().provenance().sources())
                .containsKeys(
                        "scheduler/config.json", "tokenizer/" + (suffix.isEmpty() ? "vocab" : "tokenizer") + ".json");
    }

    /** These name their constants by the checkpoint's tensors; the constants themselves are in files beside them. */
    private static Map<String, String> withoutImageGraphs(ModelBundle bundle) {
        Map<String, String> files = new HashMap<>(bundle.manifest().files());
        files.keySet().removeAll(Set.of(BundleFiles.IMAGE_DECODER, BundleFiles.IMAGE_ENCODER));
        return files;
    }

    private static void assertSamePictures(AmusedFixture fixture, ModelBundle made, ModelBundle published) {
        try (var one = new AmusedRun(made);
                var other = new AmusedRun(published)) {
            float[] pixels = one.pixels(fixture.tokens(0));
            assertThat(pixels).isEqualTo(other.pixels(fixture.tokens(0)));
            assertThat(one.tokens(pixels)).isEqualTo(other.tokens(pixels));
        }
    }

    private Path openMuse(Path checkpoint, String suffix, int levels) throws IOException {
        Path old = Files.createDirectory(directory.resolve("openmuse"));
        copy(checkpoint.resolve("text_encoder"), old.resolve("text_encoder"));
        copy(checkpoint.resolve("tokenizer"), old.resolve("text_encoder"));
        copy(checkpoint.resolve("transformer"), old.resolve("transformer"));
        copy(checkpoint.resolve("vqvae"), old.resolve("vae"));
        var json = new ObjectMapper();
        Path settings = old.resolve("transformer/config.json");
        ObjectNode network = (ObjectNode) json.readTree(settings.toFile());
        network.remove("sample_size");
        ObjectNode scheduler = (ObjectNode) json.readTree(
                checkpoint.resolve("scheduler/scheduler_config.json").toFile());
        json.writeValue(settings.toFile(), network.setAll(scheduler));
        String weights = "diffusion_pytorch_model" + suffix + ".safetensors";
        transformer(old.resolve("transformer").resolve(weights));
        imageTokenizer(old.resolve("vae").resolve(weights), levels);
        return old;
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName().toString()));
            }
        }
    }

    private static void transformer(Path file) throws IOException {
        SafetensorsCopy weights = SafetensorsCopy.of(file);
        for (int layer = 0; layer < LAYERS; layer++) {
            String name = "transformer_layers." + layer + ".";
            weights.split(name + "ff.net.0.proj.weight", name + "ffn.wi_1.weight", name + "ffn.wi_0.weight");
        }
        Map<String, String> old = transformerNames();
        for (String name : weights.names()) {
            weights.rename(
                    name,
                    old.getOrDefault(name, name)
                            .replace("down_block.", "down_blocks.0.")
                            .replace("up_block.", "up_blocks.0."));
        }
        weights.write(file);
    }

    /** The old name for each published one. */
    private static Map<String, String> transformerNames() {
        Map<String, String> old = new HashMap<>();
        old.put("cond_embed.linear_1.weight", "cond_embed.0.weight");
        old.put("cond_embed.linear_2.weight", "cond_embed.2.weight");
        old.put("mlm_layer.layer_norm.weight", "mlm_layer.layer_norm.norm.weight");
        for (int layer = 0; layer < LAYERS; layer++) {
            String name = "transformer_layers." + layer + ".";
            old.put(name + "norm1.norm.weight", name + "attn_layer_norm.weight");
            old.put(name + "norm1.linear.weight", name + "self_attn_adaLN_modulation.mapper.weight");
            old.put(name + "norm2.norm.weight", name + "crossattn_layer_norm.weight");
            old.put(name + "norm2.linear.weight", name + "cross_attn_adaLN_modulation.mapper.weight");
            old.put(name + "norm3.norm.weight", name + "ffn.pre_mlp_layer_norm.weight");
            old.put(name + "norm3.linear.weight", name + "ffn.adaLN_modulation.mapper.weight");
            old.put(name + "ff.net.2.weight", name + "ffn.wo.weight");
            attentions(old, name);
        }
        for (String stage : new String[] {"down", "up"}) {
            String resampling = stage + "_block." + stage + "sample.";
            old.put(resampling + "norm.weight", resampling + "0.norm.weight");
            old.put(resampling + "conv.weight", resampling + "1.weight");
            for (int block = 0; block < BLOCKS; block++) {
                String residual = stage + "_block.res_blocks." + block + ".";
                old.put(residual + "norm.weight", residual + "norm.norm.weight");
                old.put(residual + "channelwise_linear_1.weight", residual + "channelwise.0.weight");
                old.put(residual + "channelwise_norm.gamma", residual + "channelwise.2.gamma");
                old.put(residual + "channelwise_norm.beta", residual + "channelwise.2.beta");
                old.put(residual + "channelwise_linear_2.weight", residual + "channelwise.4.weight");
                old.put(residual + "cond_embeds_mapper.weight", residual + "adaLN_modulation.mapper.weight");
                String attention = stage + "_block.attention_blocks." + block + ".";
                old.put(attention + "norm1.weight", attention + "attn_layer_norm.weight");
                old.put(attention + "norm2.weight", attention + "crossattn_layer_norm.weight");
                attentions(old, attention);
            }
        }
        return old;
    }

    private static void attentions(Map<String, String> old, String name) {
        Map.of("attn1", "attention", "attn2", "crossattention").forEach((published, before) -> {
            old.put(name + published + ".to_q.weight", name + before + ".query.weight");
            old.put(name + published + ".to_k.weight", name + before + ".key.weight");
            old.put(name + published + ".to_v.weight", name + before + ".value.weight");
            old.put(name + published + ".to_out.0.weight", name + before + ".out.weight");
        });
    }

    private static void imageTokenizer(Path file, int levels) throws IOException {
        SafetensorsCopy weights = SafetensorsCopy.of(file);
        for (String name : weights.names()) {
            String old = name.replace("mid_block.resnets.0.", "mid.block_1.")
                    .replace("mid_block.resnets.1.", "mid.block_2.")
                    .replace("conv_norm_out", "norm_out")
                    .replace("conv_shortcut", "nin_shortcut")
                    .replace("encoder.down_blocks.", "encoder.down.")
                    .replace(".resnets.", ".block.")
                    .replace(".downsamplers.0.", ".downsample.")
                    .replace(".upsamplers.0.", ".upsample.");
            for (int level = 0; level < levels; level++) {
                String from = "decoder.up_blocks." + level + ".";
                old = old.startsWith(from) ? old.replace(from, "decoder.up." + (levels - 1 - level) + ".") : old;
            }
            weights.rename(name, old);
        }
        weights.write(file);
    }
}
