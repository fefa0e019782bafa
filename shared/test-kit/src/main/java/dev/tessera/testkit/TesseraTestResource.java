package dev.tessera.testkit;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A broker and an S3 server for a Quarkus test, with the settings that point the service to them:
 * {@code @QuarkusTestResource(TesseraTestResource.class)}. A field of type {@link EmbeddedKafka} or {@link S3Server}
 * annotated with {@link InjectServer} receives the server.
 *
 * <p>The argument {@code s3=false} leaves the S3 server out.
 */
public final class TesseraTestResource implements QuarkusTestResourceLifecycleManager {
    private boolean withS3 = true;
    private Optional<EmbeddedKafka> kafka = Optional.empty();
    private Optional<S3Server> s3 = Optional.empty();

    @Override
    public void init(Map<String, String> arguments) {
        withS3 = Boolean.parseBoolean(arguments.getOrDefault("s3", "true"));
    }

    @Override
    public Map<String, String> start() {
        var settings = new HashMap<String, String>();
        var broker = EmbeddedKafka.started();
        kafka = Optional.of(broker);
        settings.put("kafka.bootstrap.servers", broker.bootstrapServers());
        if (withS3) {
            var server = S3Server.started();
            s3 = Optional.of(server);
            settings.put("tessera.object-store.endpoint", server.endpoint().toString());
            settings.put("tessera.object-store.bucket", "tessera");
            settings.put("tessera.object-store.access-key", server.accessKey());
            settings.put("tessera.object-store.secret-key", server.secretKey());
        }
        return settings;
    }

    @Override
    public void inject(TestInjector injector) {
        kafka.ifPresent(server -> injector.injectIntoFields(
                server, new TestInjector.AnnotatedAndMatchesType(InjectServer.class, EmbeddedKafka.class)));
        s3.ifPresent(server -> injector.injectIntoFields(
                server, new TestInjector.AnnotatedAndMatchesType(InjectServer.class, S3Server.class)));
    }

    @Override
    public void stop() {
        kafka.ifPresent(EmbeddedKafka::close);
        s3.ifPresent(S3Server::close);
    }
}
