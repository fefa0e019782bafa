package dev.tessera.testmodels;

import dev.tessera.testkit.TemporaryDirectory;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.nio.file.Path;
import java.util.Map;

/** The tiny Muse model with super-resolution as the one model of a Quarkus test, under the name {@value #NAME}. */
public final class TinyMuseResource implements QuarkusTestResourceLifecycleManager {
    public static final String NAME = "tiny-muse";

    private final TemporaryDirectory folder = new TemporaryDirectory("tiny-muse");

    @Override
    public Map<String, String> start() {
        Path bundle = folder.path().resolve(NAME);
        TinyMuse.layered().importTo(bundle, NAME);
        return Map.of("tessera.models.directories", bundle.toString());
    }

    @Override
    public void stop() {
        folder.close();
    }
}
