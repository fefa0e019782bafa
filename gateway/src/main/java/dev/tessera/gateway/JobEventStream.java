package dev.tessera.gateway;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.BackPressureStrategy;
import io.smallrye.mutiny.subscription.MultiEmitter;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.time.Duration;

/** A job as a stream of server-sent events: how it is, then every change, until it has ended. */
public final class JobEventStream {
    private final JobViews views;
    private final Duration keepAlive;

    public JobEventStream(JobViews views, Duration keepAlive) {
        this.views = views;
        this.keepAlive = keepAlive;
    }

    /** @param now the job, for one that is no longer in memory */
    Multi<OutboundSseEvent> of(String id, JobDocument now, Sse sse) {
        if (views.find(id).isEmpty()) {
            return Multi.createFrom().item(event(sse, "state", now.body().toString()));
        }
        return Multi.createFrom().deferred(() -> {
            Changes changes = new Changes();
            return signals(id).onItem().transform(signal -> switch (signal) {
                case Signal.Change(JobView view) -> changes.event(view, sse);
                case Signal.Tick tick ->
                    sse.newEventBuilder().comment("keep-alive").build();
                case Signal.End end -> throw new IllegalStateException("the end is no event");
            });
        });
    }

    private Multi<Signal> signals(String id) {
        Multi<Signal> changes =
                Multi.createFrom().<Signal>emitter(emitter -> follow(id, emitter), BackPressureStrategy.LATEST);
        Multi<Signal> ticks = Multi.createFrom()
                .ticks()
                .startingAfter(keepAlive)
                .every(keepAlive)
                .onOverflow()
                .drop()
                .onItem()
                .transform(tick -> new Signal.Tick());
        Multi<Signal> finite = Multi.createBy()
                .concatenating()
                .streams(changes, Multi.createFrom().item(new Signal.End()));
        return Multi.createBy()
                .merging()
                .streams(finite, ticks)
                .select()
                .first(signal -> !(signal instanceof Signal.End));
    }

    /** A slow reader gets the latest view only: each says all there is to say. */
    private void follow(String id, MultiEmitter<? super Signal> emitter) {
        emitter.onTermination(views.listen(id, view -> {
            emitter.emit(new Signal.Change(view));
            if (view.finished()) {
                emitter.complete();
            }
        }));
    }

    private static OutboundSseEvent event(Sse sse, String name, String data) {
        return sse.newEventBuilder()
                .name(name)
                .mediaType(MediaType.TEXT_PLAIN_TYPE)
                .data(data)
                .build();
    }

    private sealed interface Signal {
        record Change(JobView view) implements Signal {}

        record Tick() implements Signal {}

        record End() implements Signal {}
    }

    /** Tells what to call a change by what was sent before. For one reader. */
    private static final class Changes {
        private String lastShape = "";

        OutboundSseEvent event(JobView view, Sse sse) {
            String shape = shape(view);
            boolean same = shape.equals(lastShape);
            lastShape = shape;
            return same
                    ? JobEventStream.event(
                            sse, "progress", JobDocument.ofProgress(view).toString())
                    : JobEventStream.event(
                            sse, "state", JobDocument.of(view).body().toString());
        }

        /** All of a job that changes, but for the tokens. */
        private static String shape(JobView view) {
            StringBuilder shape = new StringBuilder(view.state().key());
            view.images().forEach(image -> shape.append(',').append(image.key()));
            return shape.toString();
        }
    }
}
