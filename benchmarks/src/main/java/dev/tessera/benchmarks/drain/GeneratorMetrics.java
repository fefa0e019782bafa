package dev.tessera.benchmarks.drain;

import dev.tessera.cli.stack.LocalStack;
import dev.tessera.cli.stack.StackService;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/**
 * What a generator tells of its own work.
 *
 * @param repeats images that it has continued
 * @param repeatedSeconds engine time for reading again what was there of them
 */
record GeneratorMetrics(double repeats, double repeatedSeconds) {
    static final GeneratorMetrics NONE = new GeneratorMetrics(0, 0);

    static GeneratorMetrics of(LocalStack replica) {
        String text = text(replica);
        return new GeneratorMetrics(
                sum(text, "tessera_generation_repeated_seconds_count"),
                sum(text, "tessera_generation_repeated_seconds_sum"));
    }

    GeneratorMetrics plus(GeneratorMetrics other) {
        return new GeneratorMetrics(repeats + other.repeats, repeatedSeconds + other.repeatedSeconds);
    }

    private static double sum(String text, String metric) {
        return text.lines()
                .filter(line -> line.startsWith(metric))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private static String text(LocalStack replica) {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest get = HttpRequest.newBuilder(
                            replica.ports().url(StackService.GENERATOR).resolve("/q/metrics"))
                    .build();
            return http.send(get, HttpResponse.BodyHandlers.ofString()).body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
