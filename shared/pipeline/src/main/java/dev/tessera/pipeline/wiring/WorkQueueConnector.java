package dev.tessera.pipeline.wiring;

import dev.tessera.pipeline.ServedModels;
import dev.tessera.pipeline.Stage;
import dev.tessera.pipeline.TakingEnded;
import dev.tessera.pipeline.WorkConfig;
import dev.tessera.pipeline.kafka.WorkItem;
import dev.tessera.pipeline.kafka.WorkQueue;
import dev.tessera.pipeline.kafka.WorkQueueSettings;
import io.opentelemetry.context.Scope;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.BackPressureStrategy;
import io.smallrye.mutiny.subscription.MultiEmitter;
import io.smallrye.reactive.messaging.annotations.ConnectorAttribute;
import io.smallrye.reactive.messaging.annotations.ConnectorAttribute.Direction;
import io.smallrye.reactive.messaging.connector.InboundConnector;
import io.smallrye.reactive.messaging.providers.connectors.ExecutionHolder;
import io.smallrye.reactive.messaging.providers.locals.LocalContextMetadata;
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.impl.VertxInternal;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Reception;
import jakarta.enterprise.inject.Instance;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.Metadata;
import org.eclipse.microprofile.reactive.messaging.spi.Connector;

/**
 * Gives the work of a stage to an {@code @Incoming} method: the payload is the stage's protobuf message, and a second
 * parameter of type {@link dev.tessera.pipeline.Delivery} tells how it came. Returning accepts the work, throwing
 * retries it or gives it up. As many messages are out at once as there are slots, so the method is
 * {@code @Blocking(ordered = false, value = "work")}; that pool needs no settings.
 */
@ApplicationScoped
@Connector(WorkQueueConnector.NAME)
@ConnectorAttribute(
        name = "stage",
        type = "string",
        direction = Direction.INCOMING,
        mandatory = true,
        description = "Whose work it is: tokenizer, generator or decoder")
@ConnectorAttribute(
        name = "slots",
        type = "int",
        direction = Direction.INCOMING,
        description =
                "How many work items of each version of a model are handled at once, instead of tessera.work.slots")
public class WorkQueueConnector implements InboundConnector {
    static final String NAME = "tessera-work-queue";
    /** Before the worker pools go (Quarkus does that at 0) and Vert.x, which the work in flight still needs. */
    private static final int FIRST = -100;

    private final Instance<ServedModels> models;
    private final WorkQueue.Services services;
    private final WorkConfig config;
    private final ExecutionHolder execution;
    private final Event<TakingEnded> takingEnded;
    private final List<WorkQueue> queues = new CopyOnWriteArrayList<>();

    /** For the client proxy of the container, which calls nothing on it. */
    @SuppressWarnings("NullAway")
    protected WorkQueueConnector() {
        models = null;
        services = null;
        config = null;
        execution = null;
        takingEnded = null;
    }

    @jakarta.inject.Inject
    public WorkQueueConnector(
            Instance<ServedModels> models,
            WorkQueue.Services services,
            WorkConfig config,
            ExecutionHolder execution,
            Event<TakingEnded> takingEnded) {
        this.models = models;
        this.services = services;
        this.config = config;
        this.execution = execution;
        this.takingEnded = takingEnded;
    }

    @Override
    public Flow.Publisher<? extends Message<?>> getPublisher(Config channel) {
        Stage stage = Stage.valueOf(channel.getValue("stage", String.class).toUpperCase(Locale.ROOT));
        int slots = channel.getOptionalValue("slots", Integer.class).orElse(config.slots());
        WorkQueueSettings settings = WorkQueueSettings.of(config).withSlots(slots);
        return Multi.createFrom()
                .<Message<?>>emitter(emitter -> start(stage, settings, emitter), BackPressureStrategy.BUFFER);
    }

    /** Whether every queue is set up; true where there is none. */
    public boolean isReady() {
        return queues.stream().allMatch(WorkQueue::isReady);
    }

    /** Lets work in flight end, done or left to others, while everything that it needs is still there. */
    void drain(
            @Observes(notifyObserver = Reception.IF_EXISTS) @Priority(FIRST) @BeforeDestroyed(ApplicationScoped.class)
                    Object event) {
        queues.forEach(WorkQueue::stopTaking);
        takingEnded.fire(new TakingEnded());
        queues.forEach(WorkQueue::close);
    }

    private void start(Stage stage, WorkQueueSettings settings, MultiEmitter<? super Message<?>> emitter) {
        var root = ((VertxInternal) execution.vertx().getDelegate()).createEventLoopContext();
        var queue = new WorkQueue(
                stage, models.get().versions(), services, settings, item -> emit(item, emitter, root.duplicate()));
        queues.add(queue);
        queue.start();
    }

    /** On a context of its own, in which the item's span is current wherever the worker's method runs. */
    @SuppressWarnings("MustBeClosedChecker")
    private static CompletionStage<Void> emit(
            WorkItem item, MultiEmitter<? super Message<?>> emitter, ContextInternal context) {
        var settled = new CompletableFuture<Void>();
        Message<?> message = Message.of(
                item.message(),
                Metadata.of(item.delivery(), new LocalContextMetadata(context)),
                () -> {
                    settled.complete(null);
                    return CompletableFuture.<Void>completedFuture(null);
                },
                failure -> {
                    settled.completeExceptionally(failure);
                    return CompletableFuture.<Void>completedFuture(null);
                });
        context.runOnContext(started -> {
            // The scope ends with the context, which belongs to this message alone.
            Scope unused = item.context().makeCurrent();
            emitter.emit(message);
        });
        return settled;
    }
}
