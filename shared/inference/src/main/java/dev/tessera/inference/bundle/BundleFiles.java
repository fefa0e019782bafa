package dev.tessera.inference.bundle;

/**
 * The names of a bundle's files. Graphs with large weights keep them beside the graph, in {@code <name>.data}.
 *
 * <p>Shapes: B rows of a batch, S positions, R rows of logits, T prefix positions, D text width, C embedding width. In a
 * next-scale model: n layers, Z dimensions of a code vector, P side of the finest grid. In a masked model: W_i width of
 * the cross-attention i, M numbers of modulation.
 */
public final class BundleFiles {
    /**
     * {@code ids} int64 [1, S] → {@code states} float [1, S, D], and where the manifest gives a pooled width P also
     * {@code pooled} float [1, P]. Padding goes in only where the manifest says so.
     */
    public static final String TEXT_ENCODER = "text-encoder.onnx";

    /** The text encoder's tokenizer, in the Hugging Face layout. */
    public static final String TOKENIZER = "tokenizer.json";

    /** {@code states} float [1, S, D] → {@code embeddings} float [1, S, C]: the caption projection of a text model. */
    public static final String CAPTION = "caption.onnx";

    /**
     * {@code ids} int64 [B, S] → {@code embeddings} float [B, S, C]. Rows: the V codes, then either the classes with
     * the no-class row last, or the T projected rows of the unconditional caption. In a windowed model the codes alone,
     * because classes, start token and condition maps are codes too.
     */
    public static final String EMBEDDING = "embedding.onnx";

    /**
     * One graph for prefill and decode over a shared key/value buffer. In: {@code embeddings} float [B, S, C],
     * {@code seqlens_k} int32 [B] (valid length after this call, minus one), {@code total_length} int32 [1] (the
     * longest of them, not minus one), {@code position_ids} int64 [B, S] (row of the rotary table: 0 to T - 1 the
     * prefix, T + i image cell i), {@code last} int64 [R] (flat positions b * S + s whose logits are wanted),
     * {@code past_key_<i>} and {@code past_value_<i>} float [B, heads, slots, head size]. Out: {@code logits} float
     * [R, V], {@code present_key_<i>} and {@code present_value_<i>} in the same buffers. With half attention past and
     * present are float16, and only they.
     */
    public static final String GENERATOR = "generator.onnx";

    /**
     * A windowed model's transformer, under the name of {@link #GENERATOR}. It goes on with sequences as that does, where
     * {@code position_ids} is the row of the table of positions, T + i for cell i of the window; beside it reads {@code
     * windows} float [W, L, C], the embeddings of whole sequences, of which nothing is kept. Neither may be empty.
     * {@code last} counts all tokens, those of the sequences first: b * S + s, then B * S + w * L + l.
     */
    public static final String WINDOW_GENERATOR = GENERATOR;

    /**
     * What a next-scale model works out of a class, once for each. In: {@code class} int64 [1], the last row meaning no
     * class. Out: {@code modulation} float [1, 6n + 2, C], for each layer the gains of its two branches, the factors of
     * their normalised inputs and what is added to these, then factor and addend of the head; {@code embedding} float
     * [1, 1, C], the input of the first scale.
     */
    public static final String CONDITION = "condition.onnx";

    /** {@code tokens} int64 [1, S] → {@code vectors} float [1, S, Z]: the code vectors of a next-scale model. */
    public static final String CODES = "codes.onnx";

    /**
     * Adds one scale to a next-scale model's latent picture. In: {@code vectors} float [1, S, Z] of the scale's grid in
     * row-major order, {@code latent} float [1, Z, P, P], {@code scale} int64 [1] from 0. Out: {@code refined} float
     * [1, Z, P, P].
     */
    public static final String RESIDUAL = "residual.onnx";

    /**
     * What a next-scale transformer is fed at a scale. In: {@code latent} float [1, Z, P, P] of the coarser scales,
     * {@code scale} int64 [1] from 1. Out: {@code embeddings} float [1, S, C].
     */
    public static final String SCALE_INPUT = "scale-input.onnx";

    /**
     * A next-scale model's transformer, under the name of {@link #GENERATOR}. In: {@code embeddings} float [B, S, C] of
     * one scale, {@code modulation} float [B, 6n + 2, C], {@code past} int64 [1], how many slots are filled,
     * {@code past_key_<i>} and {@code past_value_<i>} float [B, slots, C]. Out: {@code logits} float [B, S, V] and this
     * scale's own {@code key_<i>} and {@code value_<i>} float [B, S, C].
     */
    public static final String SCALE_GENERATOR = GENERATOR;

    /**
     * What a masked model works out of a text, once for each; under the name of {@link #CONDITION}. In: {@code states}
     * float [1, T, D], and where there is one {@code pooled} float [1, P]. Out: {@code key_<i>} and {@code value_<i>}
     * float [1, T, W_i] of each cross-attention, and where M is not 0 {@code modulation} float [1, M].
     */
    public static final String MASKED_CONDITION = CONDITION;

    /**
     * A masked model's transformer, under the name of {@link #GENERATOR}. In: {@code tokens} int64 [B, rows, columns],
     * open cells holding the mask token, {@code key_<i>} and {@code value_<i>} float [B, T, W_i], where M is not 0
     * {@code modulation} float [B, M], and {@code cells} int64 [R], the flat positions b * S + s whose logits are
     * wanted. Out: {@code logits} float [R, V].
     */
    public static final String MASKED_GENERATOR = GENERATOR;

    /**
     * What a super-resolution network works out of a text and a base grid, once for each row. In: {@code states} float
     * [1, T, D], {@code base} int64 [1, rows, columns], the base grid of G tokens. Out: {@code key_<i>} and
     * {@code value_<i>} float [1, T + G, W_i] of each cross-attention, first the text's, then the base grid's.
     */
    public static final String SUPERRES_CONDITION = "superres-condition.onnx";

    /** As {@link #MASKED_GENERATOR}, over the finer grid, with rows that keep T + G keys and values. */
    public static final String SUPERRES = "superres.onnx";

    /**
     * {@code tokens} int64 [1, rows, columns] → {@code pixels} float [1, 3, height, width] in about -1 to 1. A
     * next-scale model's takes {@code latent} float [1, Z, P, P] instead; a windowed model's takes grids of any size. A
     * model with super-resolution decodes the finer grid.
     */
    public static final String IMAGE_DECODER = "image-decoder.onnx";

    /**
     * {@code pixels} float [1, 3, height, width] in -1 to 1 → {@code tokens} int64 [1, rows, columns]. A next-scale
     * model's gives the tokens of all scales, coarse to fine, as int64 [1, L]; a windowed model's takes pictures of any
     * size that is a multiple of a token's; with super-resolution it makes base grids of {@code superres.baseImage}. A
     * bundle may lack it: then its model edits stored tokens only.
     */
    public static final String IMAGE_ENCODER = "image-encoder.onnx";

    /**
     * {@code pixels} float [1, channels, height, width] of a condition map → {@code tokens} int64 [1, rows, columns].
     * Labels are one channel each, 1 where the pixel has the label and 0 elsewhere; depth is -1 to 1. Sizes as with
     * {@link #IMAGE_ENCODER}.
     */
    public static final String CONDITION_ENCODER = "condition-encoder.onnx";

    private BundleFiles() {}
}
