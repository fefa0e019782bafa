package dev.tessera.benchmarks;

import dev.tessera.cli.stack.StackPorts;
import dev.tessera.cli.stack.StackService;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;

/** The seconds that a stack has spent inside its models so far, summed from the services' own timers. */
final class ModelTime implements AutoCloseable {
    private static final List<Source> SOURCES = List.of(
            new Source(StackService.TOKENIZER, "tessera_text_encoding_seconds_sum"),
            new Source(StackService.GENERATOR, "tessera_generation_prefill_seconds_sum"),
            new Source(StackService.GENERATOR, "tessera_generation_step_seconds_sum"),
            new Source(StackService.DECODER, "tessera_image_decoding_seconds_sum"));

    private final StackPorts ports;
    private final HttpClient http = HttpClient.newHttpClient();

    ModelTime(StackPorts ports) {
        this.ports = ports;
    }

    double seconds() {
        return SOURCES.stream().mapToDouble(this::seconds).sum();
    }

    private double seconds(Source source) {
        List<String> samples = metrics(source.service())
                .lines()
                .filter(line -> line.startsWith(source.metric()))
                .toList();
        if (samples.isEmpty()) {
            throw new IllegalStateException(source.service().key() + " does not report " + source.metric());
        }
        return samples.stream()
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private String metrics(StackService service) {
        HttpRequest get =
                HttpRequest.newBuilder(ports.url(service).resolve("/q/metrics")).build();
        try {
            return http.send(get, HttpResponse.BodyHandlers.ofString()).body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    @Override
    public void close() {
        http.close();
    }

    private record Source(StackService service, String metric) {}
}
