package dev.tessera.tokenizer;

import dev.tessera.inference.TokenGrid;
import dev.tessera.inference.bundle.ImageSize;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

/** Measures how long the image encoder takes. */
final class MeasuredPictureEncoder implements PictureEncoder {
    private final PictureEncoder encoder;
    private final MeterRegistry registry;
    private final Timer timer;

    MeasuredPictureEncoder(PictureEncoder encoder, String model, MeterRegistry registry) {
        this.encoder = encoder;
        this.registry = registry;
        this.timer = Timer.builder("tessera.picture.encoding")
                .description("Time to turn a picture into tokens")
                .tag("model", model)
                .register(registry);
    }

    @Override
    public TokenGrid encode(ImageSize size, byte[] rgb) {
        Timer.Sample sample = Timer.start(registry);
        TokenGrid tokens = encoder.encode(size, rgb);
        sample.stop(timer);
        return tokens;
    }
}
