package dev.tessera.cli.stack;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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
        Map<StackState.Child, ProcessHandle> alive = new LinkedHashMap<>();
        children.forEach(child -> Children.find(child).ifPresent(handle -> alive.put(child, handle)));
        alive.forEach((child, handle) -> {
            listener.stopping(child.service(), child.isRecording());
            handle.destroy();
        });
        alive.forEach(this::awaitEnd);
    }

    private void awaitEnd(StackState.Child child, ProcessHandle handle) {
        Duration patience = child.isRecording() ? CACHE_PATIENCE : settings.stopTimeout();
        listener.stopped(child.service(), Children.stop(handle, patience));
        if (child.isRecording()) {
            new StartupCache(Path.of(child.recording())).adopt();
        }
    }
}
