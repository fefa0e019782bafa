package dev.tessera.cli.stack;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The end of a stack: the services together, then the broker and the S3 server. */
final class StackStop {
    /** A recording JVM writes its startup cache after it has ended its work, and all of them at once. */
    private static final Duration CACHE_PATIENCE = Duration.ofMinutes(3);

    private final StackSettings settings;
    private final StackState state;
    private final StackListener listener;

    StackStop(StackSettings settings, StackState state, StackListener listener) {
        this.settings = settings;
        this.state = state;
        this.listener = listener;
    }

    void run() {
        stopTogether(state.children().stream()
                .filter(child -> !child.service().isServer())
                .toList());
        stopTogether(state.children().stream()
                .filter(child -> child.service().isServer())
                .toList());
    }

    private void stopTogether(List<StackState.Child> children) {
        children.forEach(child -> Children.find(child).ifPresent(handle -> {
            listener.stopping(child.service(), child.isRecording());
            handle.destroy();
        }));
        children.forEach(this::awaitEnd);
    }

    private void awaitEnd(StackState.Child child) {
        Duration patience = child.isRecording() ? CACHE_PATIENCE : settings.stopTimeout();
        Children.find(child).ifPresent(handle -> listener.stopped(child.service(), Children.stop(handle, patience)));
        if (child.isRecording()) {
            new StartupCache(Path.of(child.recording())).adopt();
        }
    }
}
