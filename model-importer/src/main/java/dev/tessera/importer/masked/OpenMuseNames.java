package dev.tessera.importer.masked;

import dev.tessera.importer.checkpoint.StateDict;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The names that openMUSE, the research project behind aMUSEd, gave its tensors, as the names of the published layout.
 * The tensors are the same but for the feed-forward's first layer, which is two of them there. Source: diffusers,
 * {@code scripts/convert_amused.py}.
 */
public final class OpenMuseNames {
    private static final String TRANSFORMER_MARKER = "cond_embed.0.weight";
    private static final String IMAGE_TOKENIZER_MARKER = "encoder.down.0.block.0.conv1.weight";

    private static final List<Rule> TRANSFORMER = List.of(
            rule("^cond_embed\\.0\\.", "cond_embed.linear_1."),
            rule("^cond_embed\\.2\\.", "cond_embed.linear_2."),
            rule("^mlm_layer\\.layer_norm\\.norm\\.", "mlm_layer.layer_norm."),
            rule("^(down|up)_blocks\\.0\\.", "$1_block."),
            rule("\\.(downsample|upsample)\\.0\\.", ".$1."),
            rule("\\.(downsample|upsample)\\.1\\.", ".$1.conv."),
            rule("(res_blocks\\.\\d+)\\.norm\\.norm\\.", "$1.norm."),
            rule("(res_blocks\\.\\d+)\\.channelwise\\.0\\.", "$1.channelwise_linear_1."),
            rule("(res_blocks\\.\\d+)\\.channelwise\\.2\\.", "$1.channelwise_norm."),
            rule("(res_blocks\\.\\d+)\\.channelwise\\.4\\.", "$1.channelwise_linear_2."),
            rule("(res_blocks\\.\\d+)\\.adaLN_modulation\\.mapper\\.", "$1.cond_embeds_mapper."),
            rule("(attention_blocks\\.\\d+)\\.attn_layer_norm\\.", "$1.norm1."),
            rule("(attention_blocks\\.\\d+)\\.crossattn_layer_norm\\.", "$1.norm2."),
            rule("(transformer_layers\\.\\d+)\\.attn_layer_norm\\.", "$1.norm1.norm."),
            rule("(transformer_layers\\.\\d+)\\.crossattn_layer_norm\\.", "$1.norm2.norm."),
            rule("\\.self_attn_adaLN_modulation\\.mapper\\.", ".norm1.linear."),
            rule("\\.cross_attn_adaLN_modulation\\.mapper\\.", ".norm2.linear."),
            rule("\\.ffn\\.pre_mlp_layer_norm\\.", ".norm3.norm."),
            rule("\\.ffn\\.adaLN_modulation\\.mapper\\.", ".norm3.linear."),
            rule("\\.ffn\\.wi_1\\.", ".ff.net.0.proj." + Layers.FIRST_HALF + "."),
            rule("\\.ffn\\.wi_0\\.", ".ff.net.0.proj." + Layers.SECOND_HALF + "."),
            rule("\\.ffn\\.wo\\.", ".ff.net.2."),
            rule("\\.attention\\.", ".attn1."),
            rule("\\.crossattention\\.", ".attn2."),
            rule("\\.query\\.", ".to_q."),
            rule("\\.key\\.", ".to_k."),
            rule("\\.value\\.", ".to_v."),
            rule("(attn[12])\\.out\\.", "$1.to_out.0."));

    private static final List<Rule> IMAGE_TOKENIZER = List.of(
            rule("^(encoder|decoder)\\.mid\\.block_1\\.", "$1.mid_block.resnets.0."),
            rule("^(encoder|decoder)\\.mid\\.block_2\\.", "$1.mid_block.resnets.1."),
            rule("^(encoder|decoder)\\.mid\\.attn_1\\.q\\.", "$1.mid_block.attentions.0.to_q."),
            rule("^(encoder|decoder)\\.norm_out\\.", "$1.conv_norm_out."),
            rule("^encoder\\.down\\.(\\d+)\\.", "encoder.down_blocks.$1."),
            rule("\\.block\\.(\\d+)\\.", ".resnets.$1."),
            rule("\\.nin_shortcut\\.", ".conv_shortcut."),
            rule("\\.downsample\\.", ".downsamplers.0."),
            rule("\\.upsample\\.", ".upsamplers.0."));

    private static final Pattern UP = Pattern.compile("^decoder\\.up\\.(\\d+)\\.");

    private OpenMuseNames() {}

    /** A transformer's tensors by their published names, whichever they have. */
    public static StateDict transformer(StateDict weights) {
        return weights.has(TRANSFORMER_MARKER) ? weights.renamed(name -> applied(TRANSFORMER, name)) : weights;
    }

    /** An image tokenizer's tensors by their published names, whichever they have; there the decoder counts from below. */
    public static StateDict imageTokenizer(StateDict weights) {
        if (!weights.has(IMAGE_TOKENIZER_MARKER)) {
            return weights;
        }
        int last = weights.count("decoder.up.", ".block.0.conv1.weight") - 1;
        return weights.renamed(name -> applied(
                IMAGE_TOKENIZER,
                UP.matcher(name)
                        .replaceFirst(
                                level -> "decoder.up_blocks." + (last - Integer.parseInt(level.group(1))) + ".")));
    }

    private static String applied(List<Rule> rules, String name) {
        String renamed = name;
        for (Rule rule : rules) {
            renamed = rule.old().matcher(renamed).replaceFirst(rule.published());
        }
        return renamed;
    }

    private static Rule rule(String old, String published) {
        return new Rule(Pattern.compile(old), published);
    }

    private record Rule(Pattern old, String published) {}
}
