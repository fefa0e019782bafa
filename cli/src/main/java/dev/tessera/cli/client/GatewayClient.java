package dev.tessera.cli.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Speaks to one gateway. Thread-safe. */
public final class GatewayClient implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final URI base;
    private final HttpClient http;

    /** @param base the gateway's URL; a path in it is kept */
    public GatewayClient(URI base) {
        this.base = URI.create(base.toString().replaceFirst("/+$", "") + "/");
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(10))
                .build();
    }

    public URI base() {
        return base;
    }

    /**
     * Submits a job. The gateway has written it down when this returns.
     *
     * @param idempotencyKey makes a repeat after a lost answer harmless
     */
    public Job submit(JobRequest request, String idempotencyKey) {
        try {
            HttpRequest post = request("v1/jobs")
                    .header("Content-Type", "application/json")
                    .header("Idempotency-Key", idempotencyKey)
                    .POST(HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(request)))
                    .build();
            return new Job(json(post));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    public Job job(String id) {
        return new Job(json(request("v1/jobs/" + segment(id)).GET().build()));
    }

    /** Newest first. */
    public List<Job> jobs(int limit) {
        JsonNode answer = json(request("v1/jobs?limit=" + limit).GET().build());
        return StreamSupport.stream(answer.path("data").spliterator(), false)
                .map(Job::new)
                .toList();
    }

    public Job cancel(String id) {
        return new Job(json(request("v1/jobs/" + segment(id)).DELETE().build()));
    }

    /** Of a model's pictures, in pixels. */
    public record Size(int width, int height) {}

    /**
     * The size of a model's pictures.
     *
     * @param model without one the default
     */
    public Size size(Optional<String> model) {
        return size(model, "size");
    }

    /**
     * The size of the pictures that a model upscales.
     *
     * @param model without one the default
     */
    public Size upscaledSize(Optional<String> model) {
        return size(model, "upscales");
    }

    private Size size(Optional<String> model, String member) {
        JsonNode models = json(request("v1/models").GET().build()).path("data");
        String size = StreamSupport.stream(models.spliterator(), false)
                .filter(one -> model.map(one.path("name").asText()::equals)
                        .orElse(one.path("default").asBoolean()))
                .map(one -> one.path(member).asText())
                .findFirst()
                .orElseThrow(() -> new ClientException(
                        ClientException.Reason.NOT_FOUND,
                        model.map(name -> "there is no model " + name).orElse("there is no default model; name one")));
        String[] sides = size.split("x", -1);
        try {
            return new Size(Integer.parseInt(sides[0]), Integer.parseInt(sides[1]));
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
            throw new ClientException(
                    ClientException.Reason.PROTOCOL, "the model has no '" + member + "' in the gateway's answer", e);
        }
    }

    /** By name. */
    public List<Pool> pools() {
        JsonNode answer = json(request("v1/pools").GET().build());
        return StreamSupport.stream(answer.path("data").spliterator(), false)
                .map(Pool::new)
                .toList();
    }

    public Pool pool(String name) {
        return new Pool(json(request("v1/pools/" + pathSegment(name)).GET().build()));
    }

    /** The pool as it is after the change; its replicas follow in their own time. */
    public Pool change(String pool, PoolChange change) {
        try {
            HttpRequest patch = request("v1/pools/" + pathSegment(pool))
                    .header("Content-Type", "application/json")
                    .method("PATCH", HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(change)))
                    .build();
            return new Pool(json(patch));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /**
     * Newest first.
     *
     * @param before only letters that are older than this one; empty for all
     */
    public List<DeadLetter> deadLetters(int limit, String before) {
        String page = "v1/dead-letters?limit=" + limit + (before.isEmpty() ? "" : "&before=" + number(before));
        JsonNode answer = json(request(page).GET().build());
        return StreamSupport.stream(answer.path("data").spliterator(), false)
                .map(DeadLetter::new)
                .toList();
    }

    public DeadLetter deadLetter(String id) {
        return new DeadLetter(
                json(request("v1/dead-letters/" + number(id)).GET().build()));
    }

    /** The job that was made of a dead letter, by this call or by an earlier one. */
    public Job replay(String id) {
        HttpRequest post = request("v1/dead-letters/" + number(id) + "/replay")
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
        return new Job(json(post));
    }

    /** The PNG of a stored image. */
    public byte[] image(String id, int index) {
        HttpRequest get =
                request("v1/jobs/" + segment(id) + "/images/" + index).GET().build();
        HttpResponse<byte[]> response = send(get, HttpResponse.BodyHandlers.ofByteArray());
        if (response.statusCode() != 200) {
            throw problem(response.statusCode(), new String(response.body(), StandardCharsets.UTF_8));
        }
        return response.body();
    }

    /** The lines of a job's event stream, until the gateway ends it. The caller closes the stream. */
    Stream<String> events(String id) {
        // No timeout: the stream lives as long as the job.
        HttpRequest get = HttpRequest.newBuilder(base.resolve("v1/jobs/" + segment(id) + "/events"))
                .header("Accept", "text/event-stream")
                .GET()
                .build();
        HttpResponse<Stream<String>> response = send(get, HttpResponse.BodyHandlers.ofLines());
        if (response.statusCode() != 200) {
            try (Stream<String> lines = response.body()) {
                throw problem(response.statusCode(), String.join("\n", lines.toList()));
            }
        }
        return response.body();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(base.resolve(path)).timeout(TIMEOUT);
    }

    private static String segment(String id) {
        if (!id.matches("[A-Za-z0-9-]{1,64}")) {
            throw new ClientException(ClientException.Reason.NOT_FOUND, "there is no job " + id);
        }
        return id;
    }

    private static String pathSegment(String pool) {
        if (!pool.matches("[a-z0-9][a-z0-9.-]{0,99}")) {
            throw new ClientException(ClientException.Reason.NOT_FOUND, "there is no pool " + pool);
        }
        return pool;
    }

    private static String number(String id) {
        if (!id.matches("[0-9]{1,18}")) {
            throw new ClientException(
                    ClientException.Reason.NOT_FOUND, "there is no dead letter " + id + ": their ids are numbers");
        }
        return id;
    }

    private JsonNode json(HttpRequest request) {
        HttpResponse<String> response = send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() / 100 != 2) {
            throw problem(response.statusCode(), response.body());
        }
        return parse(response.body());
    }

    static JsonNode parse(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new ClientException(ClientException.Reason.PROTOCOL, "the gateway's answer is not JSON", e);
        }
    }

    private <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
        try {
            return http.send(request, handler);
        } catch (IOException e) {
            throw new ClientException(
                    ClientException.Reason.UNREACHABLE, "the gateway at " + base + " does not answer: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ClientException(ClientException.Reason.UNREACHABLE, "interrupted", e);
        }
    }

    private static ClientException problem(int status, String body) {
        JsonNode problem;
        try {
            problem = JSON.readTree(body);
        } catch (JsonProcessingException e) {
            return new ClientException(ClientException.Reason.PROTOCOL, "the gateway answered " + status, e);
        }
        String what = problem.path("detail").asText(problem.path("title").asText("the gateway answered " + status));
        List<ClientException.Mistake> mistakes = StreamSupport.stream(
                        problem.path("errors").spliterator(), false)
                .map(error -> new ClientException.Mistake(
                        error.path("pointer").asText(), error.path("detail").asText()))
                .toList();
        return new ClientException(reason(status), what, mistakes);
    }

    private static ClientException.Reason reason(int status) {
        return switch (status) {
            case 400, 413, 422 -> ClientException.Reason.INVALID_REQUEST;
            case 404 -> ClientException.Reason.NOT_FOUND;
            default -> ClientException.Reason.REFUSED;
        };
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
