package dev.tessera.benchmarks;

import dev.tessera.cli.stack.ServiceMetrics;
import dev.tessera.cli.stack.StackPorts;
import dev.tessera.cli.stack.StackService;
import java.util.Arrays;
import java.util.List;

/** The seconds that a stack has spent inside its models so far, summed from the services' own timers. */
final class ModelTime {
    private static final List<Source> SOURCES = List.of(
            new Source(StackService.TOKENIZER, "tessera_text_encoding_seconds_sum"),
            new Source(StackService.GENERATOR, "tessera_generation_prefill_seconds_sum"),
            new Source(StackService.GENERATOR, "tessera_generation_step_seconds_sum"),
            new Source(StackService.DECODER, "tessera_image_decoding_seconds_sum"));

    private final StackPorts ports;

    ModelTime(StackPorts ports) {
        this.ports = ports;
    }

    double seconds() {
        return SOURCES.stream().mapToDouble(this::seconds).sum();
    }

    private double seconds(Source source) {
        double[] values = ServiceMetrics.of(ports, source.service())
                .values(source.metric())
                .toArray();
        if (values.length == 0) {
            throw new IllegalStateException(source.service().key() + " does not report " + source.metric());
        }
        return Arrays.stream(values).sum();
    }

    private record Source(StackService service, String metric) {}
}
