package dev.tessera.testmodels;

import dev.tessera.testkit.TemporaryDirectory;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.nio.file.Path;
import java.util.Map;

/** The tiny aMUSEd model of a 4 × 4 grid as the one model of a Quarkus test, under the name {@value #NAME}. */
public final class TinyAmusedResource implements QuarkusTestResourceLifecycleManager {
    public static final String NAME = "tiny-amused";

    private final TemporaryDirectory folder = new TemporaryDirectory("tiny-amused");

    @Override
    public Map<String, String> start() {
        Path bundle = folder.path().resolve(NAME);
        TinyAmused.plain().importTo(bundle, NAME);
        return Map.of("tessera.models.directories", bundle.toString());
    }

    @Override
    public void stop() {
        folder.close();
    }
}
