package dev.tessera.cli.render;

import dev.tessera.decoder.ImagePainter;
import dev.tessera.decoder.onnx.OnnxImageDecoder;
import dev.tessera.inference.Drawing;
import dev.tessera.inference.bundle.BundleFiles;
import dev.tessera.inference.bundle.ClassConditioning;
import dev.tessera.inference.bundle.Family;
import dev.tessera.inference.bundle.MapConditioning;
import dev.tessera.inference.bundle.ModelBundle;
import dev.tessera.inference.bundle.NoConditioning;
import dev.tessera.inference.bundle.TextConditioning;
import dev.tessera.inference.onnx.GraphOptions;
import dev.tessera.tokenizer.ClassConditioner;
import dev.tessera.tokenizer.NoConditioner;
import dev.tessera.tokenizer.PictureTokens;
import dev.tessera.tokenizer.TextConditioner;
import dev.tessera.tokenizer.onnx.OnnxPictureEncoder;
import dev.tessera.tokenizer.onnx.OnnxTextEncoder;
import dev.tessera.v1.EditSource;
import dev.tessera.v1.ImageConditioned;
import dev.tessera.v1.Job;
import java.util.Optional;
import java.util.concurrent.CompletionException;

/** Makes a picture of one bundle: all its stages in turn, each opened for this picture alone. */
public final class Renderer {
    private final ModelBundle bundle;
    private final GraphOptions options = GraphOptions.defaults();

    public Renderer(ModelBundle bundle) {
        this.bundle = bundle;
    }

    /**
     * The same request gives the same bytes.
     *
     * @param observer hears each token; a rendering cannot be stopped
     * @throws RenderException when the request is not one that the model can serve
     */
    public Rendering render(RenderRequest request, TokenObserver observer) {
        try {
            Job job = request.job(bundle);
            Optional<EditSource> source = Optional.ofNullable(request.edit()).map(RenderEdit::source);
            ImageConditioned plain = condition(job, request);
            ImageConditioned work =
                    source.map(picture -> edited(plain, picture)).orElse(plain);
            Drawing drawing = new TokenStages(bundle, options).make(work, observer);
            return new Rendering(drawing, paint(job, drawing, source));
        } catch (CompletionException e) {
            throw RenderException.of(e.getCause() == null ? e : e.getCause());
        } catch (RuntimeException e) {
            throw RenderException.of(e);
        }
    }

    /** Hears how many of the tokens are there. */
    @FunctionalInterface
    public interface TokenObserver {
        void progressed(int tokensDone, int tokensTotal);
    }

    private ImageConditioned condition(Job job, RenderRequest request) {
        return switch (bundle.manifest().conditioning()) {
            case ClassConditioning classes ->
                new ClassConditioner(classes.classes(), bundle.manifest().family() == Family.NEXT_SCALE).condition(job);
            case TextConditioning text -> {
                try (OnnxTextEncoder encoder = OnnxTextEncoder.open(bundle, text, options)) {
                    yield TextConditioner.of(text, encoder).condition(job);
                }
            }
            case NoConditioning none -> new NoConditioner().condition(job);
            case MapConditioning map -> request.conditionedOnMap(job, map);
        };
    }

    private ImageConditioned edited(ImageConditioned work, EditSource picture) {
        if (!bundle.manifest().files().containsKey(BundleFiles.IMAGE_ENCODER)) {
            throw new RenderException(bundle.name() + " has no image encoder");
        }
        try (OnnxPictureEncoder encoder = OnnxPictureEncoder.open(bundle, options)) {
            var known = new PictureTokens(encoder, bundle.manifest())
                    .of(work.getJob().getEdit(), picture);
            return work.toBuilder().setKnown(known).build();
        }
    }

    private byte[] paint(Job job, Drawing drawing, Optional<EditSource> source) {
        try (OnnxImageDecoder decoder = OnnxImageDecoder.open(bundle, options)) {
            var painter = new ImagePainter(decoder);
            return source.map(picture -> painter.paint(job, 0, drawing, picture))
                    .orElseGet(() -> painter.paint(job, 0, drawing));
        }
    }
}
