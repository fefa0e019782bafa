package dev.tessera.cli.client;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A gateway that answers each request with the next prepared answer; the last one stays. */
public final class StubGateway implements AutoCloseable {
    /** @param cut whether the connection breaks before the answer is whole */
    record Answer(int status, String type, byte[] body, boolean cut) {}

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, Deque<Answer>> answers = new ConcurrentHashMap<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<String> bodies = new CopyOnWriteArrayList<>();

    public StubGateway() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::handle);
        server.setExecutor(threads);
        server.start();
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** What was asked, as in {@code GET /v1/jobs}. */
    public List<String> requests() {
        return requests;
    }

    public List<String> bodies() {
        return bodies;
    }

    public StubGateway json(String request, int status, String body) {
        return answer(request, new Answer(status, "application/json", utf8(body), false));
    }

    public StubGateway png(String request, byte[] body) {
        return answer(request, new Answer(200, "image/png", body, false));
    }

    public StubGateway events(String request, String body) {
        return answer(request, new Answer(200, "text/event-stream", utf8(body), false));
    }

    /** An event stream that breaks off after this. */
    public StubGateway brokenEvents(String request, String body) {
        return answer(request, new Answer(200, "text/event-stream", utf8(body), true));
    }

    private StubGateway answer(String request, Answer answer) {
        answers.computeIfAbsent(request, key -> new ArrayDeque<>()).add(answer);
        return this;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private void handle(HttpExchange exchange) throws IOException {
        String request = exchange.getRequestMethod() + " " + exchange.getRequestURI();
        requests.add(request);
        bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        Answer answer = next(request);
        exchange.getResponseHeaders().add("Content-Type", answer.type());
        exchange.sendResponseHeaders(
                answer.status(), answer.cut() ? answer.body().length + 1000L : answer.body().length);
        exchange.getResponseBody().write(answer.body());
        exchange.getResponseBody().flush();
        exchange.close();
    }

    private synchronized Answer next(String request) {
        Deque<Answer> prepared = answers.get(request);
        if (prepared == null) {
            return new Answer(404, "application/problem+json", utf8("{\"detail\":\"no answer prepared\"}"), false);
        }
        return prepared.size() > 1 ? prepared.remove() : prepared.element();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }
}
