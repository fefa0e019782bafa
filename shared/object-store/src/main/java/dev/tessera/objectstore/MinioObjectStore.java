package dev.tessera.objectstore;

import io.minio.BucketExistsArgs;
import io.minio.GetObjectArgs;
import io.minio.GetPresignedObjectUrlArgs;
import io.minio.Http;
import io.minio.ListObjectsArgs;
import io.minio.MakeBucketArgs;
import io.minio.MinioClient;
import io.minio.PutObjectArgs;
import io.minio.RemoveObjectArgs;
import io.minio.StatObjectArgs;
import io.minio.StatObjectResponse;
import io.minio.errors.MinioException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import okhttp3.Dispatcher;
import okhttp3.OkHttpClient;

/** A bucket on any S3 server, over the MinIO SDK. It opens no connection before the first request. */
public final class MinioObjectStore implements ObjectStore, AutoCloseable {
    private static final int CONNECTIONS = 64;
    private static final int PAGE = 1000;
    private static final int PIECE = 1 << 16;

    private final String bucket;
    private final String region;
    private final MinioClient client;
    private final MinioClient streams;

    public MinioObjectStore(ObjectStoreSettings settings) {
        bucket = settings.bucket();
        region = settings.region();
        OkHttpClient http = httpClient(settings.timeouts());
        client = client(settings, http);
        streams = client(settings, http.newBuilder().callTimeout(Duration.ZERO).build());
    }

    @Override
    public void createBucket() {
        try {
            if (!client.bucketExists(BucketExistsArgs.builder().bucket(bucket).build())) {
                client.makeBucket(
                        MakeBucketArgs.builder().bucket(bucket).region(region).build());
            }
        } catch (MinioException | IllegalStateException e) {
            // Two services that start at once may both find it missing.
            if (!MinioErrors.isBucketThereAlready(e)) {
                throw MinioErrors.translate("Bucket " + bucket + " was not made", e);
            }
        }
    }

    @Override
    public boolean putIfAbsent(String name, byte[] content, String contentType, Map<String, String> metadata) {
        try {
            client.putObject(PutObjectArgs.builder()
                    .bucket(bucket)
                    .object(name)
                    .data(content, content.length)
                    .headers(new Http.Headers("Content-Type", contentType, "If-None-Match", "*"))
                    .userMetadata(metadata)
                    .build());
            return true;
        } catch (MinioException | IllegalStateException e) {
            if (MinioErrors.isThereAlready(e)) {
                return false;
            }
            throw MinioErrors.translate(name + " was not written", e);
        }
    }

    @Override
    public Optional<byte[]> get(String name) {
        return look(name + " was not read", () -> {
            var arguments = GetObjectArgs.builder().bucket(bucket).object(name).build();
            try (var response = client.getObject(arguments)) {
                return response.readAllBytes();
            }
        });
    }

    @Override
    public boolean copyTo(String name, OutputStream target) throws IOException {
        Optional<InputStream> object = look(
                name + " was not read",
                () -> streams.getObject(
                        GetObjectArgs.builder().bucket(bucket).object(name).build()));
        if (object.isEmpty()) {
            return false;
        }
        try (InputStream content = object.get()) {
            byte[] piece = new byte[PIECE];
            for (int length = read(name, content, piece); length >= 0; length = read(name, content, piece)) {
                target.write(piece, 0, length);
            }
            return true;
        }
    }

    @Override
    public Optional<ObjectStat> stat(String name) {
        return look(
                name + " was not looked at",
                () -> stat(client.statObject(
                        StatObjectArgs.builder().bucket(bucket).object(name).build())));
    }

    @Override
    public URI presignGet(String name, Duration validity) {
        return ask(
                name + " got no URL",
                () -> URI.create(client.getPresignedObjectUrl(GetPresignedObjectUrlArgs.builder()
                        .method(Http.Method.GET)
                        .bucket(bucket)
                        .object(name)
                        .expiry(Math.toIntExact(validity.toSeconds()))
                        .build())));
    }

    @Override
    public List<String> list(String prefix, int limit) {
        return ask("Names below " + prefix + " were not listed", () -> {
            var names = new ArrayList<String>();
            var items = client.listObjects(ListObjectsArgs.builder()
                            .bucket(bucket)
                            .prefix(prefix)
                            .recursive(true)
                            .maxKeys(Math.min(limit, PAGE))
                            .build())
                    .iterator();
            while (names.size() < limit && items.hasNext()) {
                names.add(items.next().get().objectName());
            }
            return List.copyOf(names);
        });
    }

    @Override
    public void delete(String name) {
        ask(name + " was not removed", () -> {
            client.removeObject(
                    RemoveObjectArgs.builder().bucket(bucket).object(name).build());
            return name;
        });
    }

    @Override
    public void close() {
        try {
            client.close();
            streams.close();
        } catch (Exception e) {
            throw new IllegalStateException("The bucket's client did not close", e);
        }
    }

    /** What goes wrong here is the server's doing, and must not look as if the target had failed. */
    private static int read(String name, InputStream content, byte[] piece) {
        return ask(name + " was not read to its end", () -> content.read(piece));
    }

    private static <T> T ask(String failure, Request<T> request) {
        try {
            return request.send();
        } catch (MinioException | IOException | IllegalStateException e) {
            throw MinioErrors.translate(failure, e);
        }
    }

    private static <T> Optional<T> look(String failure, Request<T> request) {
        try {
            return Optional.of(request.send());
        } catch (MinioException | IOException | IllegalStateException e) {
            if (MinioErrors.isMissing(e)) {
                return Optional.empty();
            }
            throw MinioErrors.translate(failure, e);
        }
    }

    private static ObjectStat stat(StatObjectResponse response) {
        var metadata = new HashMap<String, String>();
        response.userMetadata()
                .forEach(entry -> metadata.put(entry.getKey().toLowerCase(Locale.ROOT), entry.getValue()));
        return new ObjectStat(
                response.size(), response.contentType(), response.lastModified().toInstant(), metadata);
    }

    private static MinioClient client(ObjectStoreSettings settings, OkHttpClient http) {
        return MinioClient.builder()
                .endpoint(settings.endpoint().toString())
                .region(settings.region())
                .credentials(
                        settings.credentials().accessKey(),
                        settings.credentials().secretKey())
                .httpClient(http, true)
                .build();
    }

    /** The SDK's own client waits five minutes for an answer and speaks to a host over five connections only. */
    private static OkHttpClient httpClient(ObjectStoreSettings.Timeouts timeouts) {
        var dispatcher = new Dispatcher();
        dispatcher.setMaxRequests(CONNECTIONS);
        dispatcher.setMaxRequestsPerHost(CONNECTIONS);
        return new OkHttpClient.Builder()
                .dispatcher(dispatcher)
                .connectTimeout(timeouts.connect())
                .readTimeout(timeouts.call())
                .writeTimeout(timeouts.call())
                .callTimeout(timeouts.call())
                .build();
    }

    /** The SDK also throws IllegalStateException, around the I/O error of a connection that did not come about. */
    private interface Request<T> {
        T send() throws MinioException, IOException;
    }
}
