package dev.tessera.e2e;

import dev.tessera.cli.client.GatewayClient;
import dev.tessera.cli.stack.LocalStack;
import dev.tessera.cli.stack.StackService;
import dev.tessera.cli.stack.StackSettings;
import dev.tessera.testkit.TemporaryDirectory;
import dev.tessera.testmodels.TinyMuse;
import dev.tessera.testmodels.TinyTaming;
import dev.tessera.testmodels.TinyVar;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives a test class the local stack that all of them share, since its start takes long; it ends with the last of all tests. */
final class SharedStack implements ParameterResolver {
    static final String EMOJI = "emoji-llamagen";
    static final String VAR = "tiny-var";
    static final String MUSE = "tiny-muse";
    static final String SCENES = "tiny-scenes";

    private static final Path ROOT = Path.of(System.getProperty("tessera.root"));

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return List.of(LocalStack.class, GatewayClient.class)
                .contains(parameter.getParameter().getType());
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Running running = context.getRoot()
                .getStore(Namespace.create(SharedStack.class))
                .computeIfAbsent(Running.class, type -> new Running(), Running.class);
        return parameter.getParameter().getType() == LocalStack.class ? running.stack : running.gateway;
    }

    private static final class Running implements AutoCloseable {
        private final TemporaryDirectory folder = new TemporaryDirectory("tessera-e2e");
        private final LocalStack stack;
        private final GatewayClient gateway;

        /** A generator that is told to go gives no image time to end, so that it has to hand some over. */
        Running() {
            TinyVar.plain().importTo(folder.path().resolve(VAR), VAR);
            TinyMuse.layered().importTo(folder.path().resolve(MUSE), MUSE);
            TinyTaming.segmentation().importTo(folder.path().resolve(SCENES), SCENES);
            List<Path> models = List.of(
                    ROOT.resolve("models/" + EMOJI),
                    folder.path().resolve(VAR),
                    folder.path().resolve(MUSE),
                    folder.path().resolve(SCENES));
            stack = LocalStack.start(StackSettings.of(ROOT, folder.path().resolve("home"), models)
                    .withProperty(StackService.GENERATOR, "tessera.generator.drain-timeout", "PT0S"));
            gateway = new GatewayClient(stack.gateway());
        }

        @Override
        public void close() {
            gateway.close();
            stack.close();
            folder.close();
        }
    }
}
