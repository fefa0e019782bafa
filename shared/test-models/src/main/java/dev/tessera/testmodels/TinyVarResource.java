package dev.tessera.testmodels;

import dev.tessera.testkit.TemporaryDirectory;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.nio.file.Path;
import java.util.Map;

/** The tiny VAR model of four scales as the one model of a Quarkus test, under the name {@value #NAME}. */
public final class TinyVarResource implements QuarkusTestResourceLifecycleManager {
    public static final String NAME = "tiny-var";

    private final TemporaryDirectory folder = new TemporaryDirectory("tiny-var");

    @Override
    public Map<String, String> start() {
        Path bundle = folder.path().resolve(NAME);
        TinyVar.plain().importTo(bundle, NAME);
        return Map.of("tessera.models.directories", bundle.toString());
    }

    @Override
    public void stop() {
        folder.close();
    }
}
