package dev.tessera.cli.stack;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A broker, an S3 server and the services as child JVMs of this machine. The children outlive the process that started
 * them: any process finds the stack again by its home directory. Not thread-safe.
 */
public final class LocalStack implements AutoCloseable {
    private final StackSettings settings;
    private final StackHome home;
    private final ChildLauncher launcher;
    private final StateFile file;
    private StackState state;

    private LocalStack(StackSettings settings, StackHome home, StackState state) {
        this.settings = settings;
        this.home = home;
        this.state = state;
        this.file = new StateFile(home.state());
        this.launcher = new ChildLauncher(settings, home, state.ports());
    }

    public static LocalStack start(StackSettings settings) {
        return start(settings, StackListener.SILENT);
    }

    /**
     * Starts all services and returns when they are ready; stops what it has started when one of them fails.
     *
     * @throws StackException if one runs in this home already, or a service does not become ready
     */
    public static LocalStack start(StackSettings settings, StackListener listener) {
        StackHome home = new StackHome(settings.home());
        home.create();
        try (StackLock ignored = StackLock.acquire(home)) {
            refuseSecond(home);
            LocalStack stack = new LocalStack(settings, home, begin(settings));
            stack.startAll(listener);
            return stack;
        }
    }

    /** The stack of a home, if one runs there, whole or in part. Its settings are those it was started with, less properties. */
    public static Optional<LocalStack> find(StackSettings settings) {
        StackHome home = new StackHome(settings.home());
        return new StateFile(home.state())
                .read()
                .filter(LocalStack::lives)
                .map(state -> new LocalStack(settings, home, state));
    }

    private static boolean lives(StackState state) {
        return state.children().stream().anyMatch(child -> Children.find(child).isPresent());
    }

    private static void refuseSecond(StackHome home) {
        Optional<StackState> other = new StateFile(home.state()).read().filter(LocalStack::lives);
        if (other.isPresent()) {
            throw new StackException(
                    StackException.Reason.ALREADY_RUNNING,
                    "a stack runs already in " + home.directory() + ": "
                            + other.get().ports().url(StackService.GATEWAY));
        }
    }

    private static StackState begin(StackSettings settings) {
        if (settings.models().isEmpty() && settings.services().contains(StackService.TOKENIZER)) {
            throw new StackException(
                    StackException.Reason.NO_MODEL,
                    "there is no model to serve: import one (tessera models import --help) or name its directory"
                            + " with --models");
        }
        return new StackState(
                StackState.FORMAT,
                StackState.Phase.STARTING,
                System.currentTimeMillis(),
                settings.installation().toString(),
                settings.models().stream().map(Path::toString).toList(),
                StackPorts.choose(settings.gatewayPort()),
                List.of());
    }

    private void startAll(StackListener listener) {
        StackStart start = new StackStart(settings, launcher, state.ports(), this::record, listener);
        Thread rescue = new Thread(this::killAll);
        Runtime.getRuntime().addShutdownHook(rescue);
        try {
            file.write(state);
            start.run();
            state = state.withPhase(StackState.Phase.READY);
            file.write(state);
        } catch (RuntimeException e) {
            killAll();
            file.delete();
            throw e;
        } finally {
            removeHook(rescue);
        }
    }

    private static void removeHook(Thread rescue) {
        try {
            Runtime.getRuntime().removeShutdownHook(rescue);
        } catch (IllegalStateException e) {
            // The JVM is ending, and the hook is doing its work.
        }
    }

    private synchronized void record(StackState.Child child) {
        state = state.withChild(child);
        file.write(state);
    }

    private synchronized void killAll() {
        state.children().forEach(child -> Children.find(child).ifPresent(Children::kill));
    }

    /** Starts a service that does not run, on its old port, and returns when it is ready. */
    public void startService(StackService service) {
        if (process(service).isPresent()) {
            throw new StackException(StackException.Reason.ALREADY_RUNNING, service.key() + " runs already");
        }
        record(launcher.launch(service));
        new StackStart(settings, launcher, state.ports(), this::record, StackListener.SILENT)
                .awaitReady(List.of(service), state);
    }

    /**
     * One more process of a service, on a port of its own and in a folder of this stack's home. It is a stack of that one
     * service, which its caller ends; this one does not know it.
     *
     * @param name of the folder; one replica at a time in each
     */
    public LocalStack startReplica(StackService service, String name) {
        StackHome own = home.replica(name);
        StackSettings alone = settings.withHome(own.directory()).withServices(Set.of(service));
        try (StackLock ignored = StackLock.acquire(own)) {
            refuseSecond(own);
            LocalStack replica = new LocalStack(
                    alone, own, begin(alone).withPorts(state.ports().ofReplica()));
            replica.startAll(StackListener.SILENT);
            return replica;
        }
    }

    /** Ends one service as a crash would. */
    public void kill(StackService service) {
        process(service).ifPresent(Children::kill);
    }

    /** Ends one service by SIGTERM. Returns false if it had to be killed. */
    public boolean stopService(StackService service) {
        return process(service)
                .map(handle -> Children.stop(handle, settings.stopTimeout()))
                .orElse(true);
    }

    /** The live process of a service. */
    public Optional<ProcessHandle> process(StackService service) {
        return state.child(service).flatMap(Children::find);
    }

    /** Asks every child how it is. */
    public StackStatus status() {
        List<StackStatus.ServiceStatus> services =
                state.children().stream().map(this::status).toList();
        List<Path> models = state.models().stream().map(Path::of).toList();
        return new StackStatus(
                condition(services),
                Instant.ofEpochMilli(state.startedAt()),
                home.directory(),
                models,
                state.ports(),
                services);
    }

    private StackStatus.Condition condition(List<StackStatus.ServiceStatus> services) {
        if (services.stream().anyMatch(service -> service.health() == StackStatus.Health.CRASHED)) {
            return StackStatus.Condition.DEGRADED;
        }
        if (services.stream().allMatch(service -> service.health() == StackStatus.Health.READY)) {
            return state.phase() == StackState.Phase.READY
                    ? StackStatus.Condition.READY
                    : StackStatus.Condition.STARTING;
        }
        return state.phase() == StackState.Phase.READY
                ? StackStatus.Condition.DEGRADED
                : StackStatus.Condition.STARTING;
    }

    private StackStatus.ServiceStatus status(StackState.Child child) {
        StackService service = child.service();
        StackStatus.Health health = Children.find(child).isEmpty()
                ? StackStatus.Health.CRASHED
                : Readiness.isReady(service, state.ports()) ? StackStatus.Health.READY : StackStatus.Health.NOT_READY;
        return new StackStatus.ServiceStatus(
                service, health, child.pid(), state.ports().of(service), home.log(service));
    }

    public URI gateway() {
        return state.ports().url(StackService.GATEWAY);
    }

    public StackPorts ports() {
        return state.ports();
    }

    public List<Path> models() {
        return state.models().stream().map(Path::of).toList();
    }

    /** Access to the bucket, for those who look into it from outside. */
    public BucketAccess bucket() {
        StackSecrets secrets = StackSecrets.readOrCreate(home);
        return new BucketAccess(
                state.ports().url(StackService.OBJECT_STORE),
                StackHome.BUCKET,
                secrets.accessKey(),
                secrets.secretKey());
    }

    /** Where one service logs. */
    public Path log(StackService service) {
        return home.log(service);
    }

    /** Where one service of the stack of a home logs, running or not. */
    public static Path log(Path home, StackService service) {
        return new StackHome(home).log(service);
    }

    /** Stops everything: the services first, then what they stand on. */
    public void stop(StackListener listener) {
        try (StackLock ignored = StackLock.acquire(home)) {
            new StackStop(settings, state, listener).run();
            file.delete();
        }
    }

    @Override
    public void close() {
        if (Files.exists(home.state())) {
            stop(StackListener.SILENT);
        }
    }
}
