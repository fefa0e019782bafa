package dev.tessera.cli.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.stream.DoubleStream;

/** What a service of a local stack reports of itself, at one moment. */
public final class ServiceMetrics {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final String text;

    private ServiceMetrics(String text) {
        this.text = text;
    }

    /** @throws UncheckedIOException when the service does not answer */
    public static ServiceMetrics of(StackPorts ports, StackService service) {
        HttpRequest get = HttpRequest.newBuilder(ports.url(service).resolve("/q/metrics"))
                .timeout(PATIENCE)
                .build();
        // An upgrade to HTTP/2 that both sides begin at once may never end.
        try (HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            return new ServiceMetrics(
                    http.send(get, HttpResponse.BodyHandlers.ofString()).body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** The values of a metric under all its labels; empty when the service has none of that name yet. */
    public DoubleStream values(String metric) {
        return text.lines()
                .filter(line -> line.startsWith(metric + "{") || line.startsWith(metric + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)));
    }
}
