package dev.tessera.decoder;

import dev.tessera.inference.bundle.BundleManifest;
import dev.tessera.inference.bundle.ManifestFile;
import dev.tessera.objectstore.MinioObjectStore;
import dev.tessera.objectstore.ObjectStore;
import dev.tessera.objectstore.ObjectStoreSettings;
import dev.tessera.testkit.S3Server;
import dev.tessera.testkit.TemporaryDirectory;
import dev.tessera.testmodels.TinyTaming;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The tiny VQGAN + GPT model of classes in the bucket of an S3 server, which the service under test uses instead of the one of
 * {@link dev.tessera.testkit.TesseraTestResource}; its folder is empty before the service starts.
 */
public final class BucketTamingResource implements QuarkusTestResourceLifecycleManager {
    static final String NAME = "tiny-taming";
    private static final String BUCKET = "models-and-images";
    private static final String PREFIX = "bundles/tiny/1";

    private final TemporaryDirectory folder = new TemporaryDirectory("bucket-taming");
    private Optional<S3Server> server = Optional.empty();

    /** After the other servers, so that these settings win. */
    @Override
    public int order() {
        return 1;
    }

    @Override
    public Map<String, String> start() {
        S3Server s3 = S3Server.started();
        server = Optional.of(s3);
        Path bundle = folder.path().resolve("original");
        TinyTaming.classes().importTo(bundle, NAME);
        put(s3, bundle);
        String directory = folder.path().resolve("models").resolve(NAME).toString();
        var settings = new HashMap<String, String>();
        settings.put("tessera.object-store.endpoint", s3.endpoint().toString());
        settings.put("tessera.object-store.bucket", BUCKET);
        settings.put("tessera.models.directories", directory);
        settings.put("tessera.models.bucket.previous_tiny-taming.directory", directory);
        settings.put("tessera.models.bucket.previous_tiny-taming.prefix", PREFIX);
        settings.put(
                "tessera.models.bucket.previous_tiny-taming.digest",
                ManifestFile.read(bundle).digest());
        return settings;
    }

    @Override
    public void stop() {
        server.ifPresent(S3Server::close);
        folder.close();
    }

    private static void put(S3Server server, Path bundle) {
        try (var bucket = new MinioObjectStore(
                ObjectStoreSettings.of(server.endpoint(), BUCKET, server.accessKey(), server.secretKey()))) {
            bucket.createBucket();
            ManifestFile.read(bundle).manifest().files().keySet().forEach(file -> put(bucket, bundle, file));
            put(bucket, bundle, BundleManifest.FILE_NAME);
        }
    }

    private static void put(ObjectStore bucket, Path bundle, String file) {
        try {
            bucket.putIfAbsent(
                    PREFIX + "/" + file,
                    Files.readAllBytes(bundle.resolve(file)),
                    "application/octet-stream",
                    Map.of());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
