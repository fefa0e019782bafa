package dev.tessera.pipeline.kafka;

import dev.tessera.testkit.EmbeddedKafka;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives a test class the pipeline on a broker that all such classes share; it ends with the last of all tests. */
final class SharedPipeline implements ParameterResolver {
    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType().equals(TestPipeline.class);
    }

    @Override
    public TestPipeline resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot()
                .getStore(Namespace.create(SharedPipeline.class))
                .computeIfAbsent(Running.class, type -> new Running(), Running.class)
                .pipeline;
    }

    private static final class Running implements AutoCloseable {
        private final EmbeddedKafka kafka = EmbeddedKafka.started();
        private final TestPipeline pipeline = new TestPipeline(kafka.bootstrapServers());

        @Override
        public void close() {
            pipeline.close();
            kafka.close();
        }
    }
}
