package dev.tessera.cli.stack;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** Asks a child whether it can serve. */
final class Readiness {
    private static final int TIMEOUT_MS = 2_000;
    private static final short API_VERSIONS = 18;

    private Readiness() {}

    static boolean isReady(StackService service, StackPorts ports) {
        try {
            return switch (service) {
                case BROKER -> answersKafka(ports.broker());
                case OBJECT_STORE -> status(ports.url(service)) > 0;
                case GATEWAY, TOKENIZER, GENERATOR, SUPERRES, DECODER ->
                    status(ports.url(service).resolve("/q/health/ready")) == 200;
            };
        } catch (IOException e) {
            return false;
        }
    }

    /** The port opens before requests are served, so one is made: ApiVersions, the only one that needs no client. */
    private static boolean answersKafka(int port) throws IOException {
        byte[] client = "tessera".getBytes(StandardCharsets.US_ASCII);
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MS);
            socket.setSoTimeout(TIMEOUT_MS);
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            out.writeInt(2 + 2 + 4 + 2 + client.length);
            out.writeShort(API_VERSIONS);
            out.writeShort(0);
            out.writeInt(1);
            out.writeShort(client.length);
            out.write(client);
            out.flush();
            DataInputStream in = new DataInputStream(socket.getInputStream());
            int length = in.readInt();
            int correlation = in.readInt();
            short error = in.readShort();
            return length > 6 && correlation == 1 && error == 0;
        }
    }

    private static int status(URI url) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) url.toURL().openConnection();
        connection.setConnectTimeout(TIMEOUT_MS);
        connection.setReadTimeout(TIMEOUT_MS);
        try {
            return connection.getResponseCode();
        } finally {
            connection.disconnect();
        }
    }
}
