package dev.tessera.decoder;

import dev.tessera.inference.Drawing;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

/** Measures how long the image decoder takes. */
final class MeasuredImageDecoder implements ImageDecoder {
    private final ImageDecoder decoder;
    private final MeterRegistry registry;
    private final Timer timer;

    MeasuredImageDecoder(ImageDecoder decoder, String model, MeterRegistry registry) {
        this.decoder = decoder;
        this.registry = registry;
        this.timer = Timer.builder("tessera.image.decoding")
                .description("Time to turn the tokens of one image into pixels")
                .tag("model", model)
                .register(registry);
    }

    @Override
    public Picture decode(Drawing drawing) {
        Timer.Sample sample = Timer.start(registry);
        Picture picture = decoder.decode(drawing);
        sample.stop(timer);
        return picture;
    }
}
