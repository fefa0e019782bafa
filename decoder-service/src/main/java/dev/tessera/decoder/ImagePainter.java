package dev.tessera.decoder;

import dev.tessera.inference.TokenGrid;
import dev.tessera.v1.EditSource;
import dev.tessera.v1.Job;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Makes the PNG file of one image of a job: the picture, and in text chunks what it was made from. Its bytes depend on
 * the request, the tokens and the model's weights alone. Safe for use by many threads.
 */
public final class ImagePainter {
    private final ImageDecoder decoder;

    public ImagePainter(ImageDecoder decoder) {
        this.decoder = decoder;
    }

    /**
     * A PNG file.
     *
     * @param job of which nothing counts but the request: model, its digest, condition, seed, size and sampling
     * @throws DecoderException when the tokens are not of the model
     */
    public byte[] paint(Job job, int imageIndex, TokenGrid tokens) {
        return file(job, imageIndex, decoder.decode(tokens));
    }

    /**
     * A PNG file of an edit: what it keeps of the source is pasted over what the tokens stand for, feathered over half a
     * cell.
     *
     * @throws DecoderException when the tokens are not of the model, or the source is not of its size
     */
    public byte[] paint(Job job, int imageIndex, TokenGrid tokens, EditSource source) {
        Picture drawn = decoder.decode(tokens);
        return file(job, imageIndex, KeptPixels.paste(drawn, source, drawn.height() / tokens.rows() / 2));
    }

    private static byte[] file(Job job, int imageIndex, Picture picture) {
        Map<String, String> texts = new LinkedHashMap<>();
        texts.put("Software", "Tessera");
        texts.put("parameters", ImageParameters.json(job, imageIndex));
        return PngEncoder.encode(picture, texts);
    }
}
