package dev.tessera.tokenizer;

import dev.tessera.v1.TextStates;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

/** Measures how long the text encoder takes. */
final class MeasuredTextEncoder implements TextEncoder {
    private final TextEncoder encoder;
    private final MeterRegistry registry;
    private final Timer timer;

    MeasuredTextEncoder(TextEncoder encoder, String model, MeterRegistry registry) {
        this.encoder = encoder;
        this.registry = registry;
        this.timer = Timer.builder("tessera.text.encoding")
                .description("Time to encode one prompt")
                .tag("model", model)
                .register(registry);
    }

    @Override
    public TextStates encode(String prompt) {
        Timer.Sample sample = Timer.start(registry);
        TextStates states = encoder.encode(prompt);
        sample.stop(timer);
        return states;
    }
}
