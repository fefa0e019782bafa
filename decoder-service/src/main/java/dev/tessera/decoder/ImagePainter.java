package dev.tessera.decoder;

import dev.tessera.inference.TokenGrid;
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
        Map<String, String> texts = new LinkedHashMap<>();
        texts.put("Software", "Tessera");
        texts.put("parameters", ImageParameters.json(job, imageIndex));
        return PngEncoder.encode(decoder.decode(tokens), texts);
    }
}
