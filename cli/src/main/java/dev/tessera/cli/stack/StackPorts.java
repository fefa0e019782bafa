package dev.tessera.cli.stack;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalInt;
import java.util.concurrent.ThreadLocalRandom;

/** The ports of one stack, all on the loopback address. */
public record StackPorts(
        int broker,
        int controller,
        int objectStore,
        int gateway,
        int tokenizer,
        int generator,
        int superres,
        int decoder) {
    private static final int COUNT = 8;
    /** Below the range from which systems take the ports of outgoing connections: a server that restarts finds its own. */
    private static final int LOWEST = 20_000;

    private static final int HIGHEST = 32_000;
    private static final int TRIES = 200;

    /** Free ports; all eight are held until the last is found, so that none is found twice. */
    static StackPorts choose(int gatewayPort) {
        Deque<ServerSocket> sockets = new ArrayDeque<>();
        try {
            int gateway = gatewayPort == 0 ? listenAnywhere(sockets) : listen(sockets, gatewayPort);
            for (int i = 1; i < COUNT; i++) {
                listenAnywhere(sockets);
            }
            int[] ports = sockets.stream().mapToInt(ServerSocket::getLocalPort).toArray();
            return new StackPorts(ports[1], ports[2], ports[3], gateway, ports[4], ports[5], ports[6], ports[7]);
        } finally {
            sockets.forEach(StackPorts::close);
        }
    }

    /** Other ports for the services, with the same broker and bucket. */
    StackPorts ofReplica() {
        StackPorts own = choose(0);
        return new StackPorts(
                broker, controller, objectStore, own.gateway, own.tokenizer, own.generator, own.superres, own.decoder);
    }

    private static int listen(Deque<ServerSocket> sockets, int port) {
        return tryToListen(sockets, port)
                .orElseThrow(() -> new StackException(
                        StackException.Reason.PORT_IN_USE, "port " + port + " is in use: choose another or none"));
    }

    private static int listenAnywhere(Deque<ServerSocket> sockets) {
        return ThreadLocalRandom.current()
                .ints(TRIES, LOWEST, HIGHEST)
                .mapToObj(port -> tryToListen(sockets, port))
                .flatMapToInt(OptionalInt::stream)
                .findFirst()
                .orElseThrow(() -> new StackException(
                        StackException.Reason.PORT_IN_USE, "no free port between " + LOWEST + " and " + HIGHEST));
    }

    private static OptionalInt tryToListen(Deque<ServerSocket> sockets, int port) {
        try {
            ServerSocket socket = new ServerSocket();
            sockets.add(socket);
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return OptionalInt.of(port);
        } catch (IOException e) {
            return OptionalInt.empty();
        }
    }

    private static void close(ServerSocket socket) {
        try {
            socket.close();
        } catch (IOException ignored) {
            // It only held a port.
        }
    }

    public int of(StackService service) {
        return switch (service) {
            case BROKER -> broker;
            case OBJECT_STORE -> objectStore;
            case GATEWAY -> gateway;
            case TOKENIZER -> tokenizer;
            case GENERATOR -> generator;
            case SUPERRES -> superres;
            case DECODER -> decoder;
        };
    }

    /** The base URL of an HTTP service. */
    public URI url(StackService service) {
        return URI.create("http://127.0.0.1:" + of(service));
    }

    public String bootstrapServers() {
        return "127.0.0.1:" + broker;
    }
}
