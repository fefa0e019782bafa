package dev.tessera.decoder;

import dev.tessera.inference.Drawing;
import dev.tessera.v1.EditSource;
import dev.tessera.v1.Job;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Makes the PNG file of one image of a job: the picture, and in text chunks what it was made from. Its bytes depend on
 * the request, the drawing and the model's weights alone. Safe for use by many threads.
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
     * @throws DecoderException when the drawing is not of the model
     */
    public byte[] paint(Job job, int imageIndex, Drawing drawing) {
        return file(job, imageIndex, decoder.decode(drawing));
    }

    /**
     * A PNG file of an edit: what it keeps of the source is pasted over what was drawn, feathered over half a
     * cell.
     *
     * @throws DecoderException when the drawing is not of the model, or the source is not of its size
     */
    public byte[] paint(Job job, int imageIndex, Drawing drawing, EditSource source) {
        Picture drawn = decoder.decode(drawing);
        int cell = drawn.height() / drawing.tokens().rows();
        return file(job, imageIndex, KeptPixels.paste(drawn, source, cell / 2));
    }

    private static byte[] file(Job job, int imageIndex, Picture picture) {
        Map<String, String> texts = new LinkedHashMap<>();
        texts.put("Software", "Tessera");
        texts.put("parameters", ImageParameters.json(job, imageIndex));
        return PngEncoder.encode(picture, texts);
    }
}
