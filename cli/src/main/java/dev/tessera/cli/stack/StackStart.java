package dev.tessera.cli.stack;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;

/** The start of a stack: the broker and the S3 server, then all services at once. */
final class StackStart {
    private static final long POLL_MS = 50;
    private static final int TAIL_LINES = 25;

    private final StackSettings settings;
    private final ChildLauncher launcher;
    private final StackPorts ports;
    private final Consumer<StackState.Child> recorder;
    private final StackListener listener;
    private final long begin = System.nanoTime();
    private final List<StackState.Child> children = new ArrayList<>();

    StackStart(
            StackSettings settings,
            ChildLauncher launcher,
            StackPorts ports,
            Consumer<StackState.Child> recorder,
            StackListener listener) {
        this.settings = settings;
        this.launcher = launcher;
        this.ports = ports;
        this.recorder = recorder;
        this.listener = listener;
    }

    void run() {
        startTogether(
                settings.services().stream().filter(StackService::isServer).toList());
        startTogether(settings.services().stream()
                .filter(service -> !service.isServer())
                .toList());
    }

    private void startTogether(List<StackService> services) {
        for (StackService service : services) {
            listener.starting(service);
            StackState.Child child = launcher.launch(service);
            children.add(child);
            recorder.accept(child);
        }
        awaitReady(services, children);
    }

    void awaitReady(Collection<StackService> services, StackState state) {
        awaitReady(services, state.children());
    }

    private void awaitReady(Collection<StackService> services, List<StackState.Child> watched) {
        List<StackService> waiting = new ArrayList<>(services);
        while (true) {
            waiting.removeIf(this::isReady);
            if (waiting.isEmpty()) {
                return;
            }
            watched.stream()
                    .filter(child -> services.contains(child.service()))
                    .filter(child -> Children.find(child).isEmpty())
                    .findFirst()
                    .ifPresent(child -> {
                        throw failed(child.service(), StackException.Reason.CHILD_FAILED, "ended while it started");
                    });
            if (elapsed().compareTo(settings.startTimeout()) > 0) {
                throw failed(
                        waiting.getFirst(),
                        StackException.Reason.TIMEOUT,
                        "is not ready after " + settings.startTimeout().toSeconds() + " s");
            }
            pause();
        }
    }

    private boolean isReady(StackService service) {
        if (!Readiness.isReady(service, ports)) {
            return false;
        }
        listener.ready(service, elapsed());
        return true;
    }

    private Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    private StackException failed(StackService service, StackException.Reason reason, String what) {
        StackHome home = new StackHome(settings.home());
        List<String> lines = new ArrayList<>(LogTail.lines(home.log(service), TAIL_LINES));
        lines.addAll(LogTail.lines(home.console(service), TAIL_LINES));
        String tail = lines.isEmpty() ? "it has logged nothing" : String.join("\n", lines);
        return new StackException(
                reason, service.key() + " " + what + ". The end of " + home.log(service) + ":\n" + tail);
    }

    private static void pause() {
        try {
            Thread.sleep(POLL_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StackException(StackException.Reason.TIMEOUT, "interrupted while the stack started", e);
        }
    }
}
