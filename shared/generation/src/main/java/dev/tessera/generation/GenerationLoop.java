package dev.tessera.generation;

import dev.tessera.generation.GenerationException.Reason;
import dev.tessera.pipeline.Stage;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.jboss.logging.Logger;

/**
 * In-flight batching: one thread owns the network, advances the images in flight step by step, and lets images join and
 * leave between two steps.
 *
 * <p>A failed step fails the images in flight, as transient, and the next images start afresh.
 */
final class GenerationLoop<I extends BatchedImage> implements GenerationEngine {
    private static final Logger LOG = Logger.getLogger(GenerationLoop.class);

    /** Steps that failed in a row before the generator counts as broken. */
    private static final int FAULTS_TO_BREAK = 3;

    private final String stage;
    private final String model;
    private final ImageBatch<I> batch;
    private final int slots;
    private final Duration drainTimeout;
    private final Queue<I> waiting = new ArrayDeque<>();
    private final Thread thread;
    private volatile boolean accepting = true;
    private volatile boolean leaving;
    private volatile long drainUntil;
    private volatile int faults;

    /**
     * Begins at once.
     *
     * @param stage that it works for, for the thread and the log
     * @param model its name, likewise
     * @param batch closed when the thread ends
     * @param slots most images in flight
     * @param drainTimeout how long {@link #leave} lets images in flight go on
     */
    GenerationLoop(Stage stage, String model, ImageBatch<I> batch, int slots, Duration drainTimeout) {
        if (slots < 1) {
            throw new IllegalArgumentException("slots is " + slots + ", it must be at least 1");
        }
        this.stage = stage.key();
        this.model = model;
        this.batch = batch;
        this.slots = slots;
        this.drainTimeout = drainTimeout;
        this.thread =
                Thread.ofPlatform().name(this.stage + "-" + model).daemon().start(this::run);
    }

    @Override
    public CompletableFuture<GenerationOutcome> generate(GenerationRequest request, GenerationObserver observer) {
        I image = batch.image(request, observer);
        add(image);
        return image.progress().outcome();
    }

    private void add(I image) {
        synchronized (waiting) {
            if (accepting) {
                waiting.add(image);
            } else {
                refuse(image);
            }
        }
        LockSupport.unpark(thread);
    }

    @Override
    public boolean alive() {
        return thread.isAlive();
    }

    @Override
    public boolean healthy() {
        return accepting && alive() && faults < FAULTS_TO_BREAK;
    }

    private void run() {
        try {
            while (accepting || !batch.isEmpty() && System.nanoTime() - drainUntil < 0) {
                advance();
            }
            batch.clear().forEach(GenerationLoop::leaveAsItIs);
        } finally {
            stopAccepting();
            failAll(shuttingDown());
            batch.close();
        }
    }

    private void advance() {
        batch.removeEnded();
        admit();
        if (batch.isEmpty()) {
            awaitWork();
            return;
        }
        step();
    }

    private void admit() {
        while (batch.images() < slots) {
            Optional<I> next = nextFitting();
            if (next.isEmpty()) {
                return;
            }
            join(next.get());
        }
    }

    private Optional<I> nextFitting() {
        synchronized (waiting) {
            I next = waiting.peek();
            return next == null || !batch.hasRoomFor(next) ? Optional.empty() : Optional.of(waiting.remove());
        }
    }

    private void join(I image) {
        image.progress().stopIfRequested();
        if (image.progress().ended()) {
            return;
        }
        try {
            batch.join(image);
        } catch (RuntimeException e) {
            image.progress().fail(fault("prefill", e));
        }
        batch.removeEnded();
    }

    private void step() {
        try {
            batch.step();
            faults = 0;
        } catch (RuntimeException e) {
            failAll(fault("decode step", e));
        }
    }

    private void failAll(GenerationException reason) {
        batch.clear().forEach(image -> image.progress().fail(reason));
    }

    private GenerationException fault(String what, RuntimeException cause) {
        faults = faults + 1;
        LOG.errorf(cause, "event=engine-fault stage=%s model=%s what=\"%s\" inARow=%d", stage, model, what, faults);
        return new GenerationException(Reason.ENGINE_FAILED, "the " + what + " failed", cause);
    }

    private void awaitWork() {
        while (accepting && nothingWaits()) {
            LockSupport.park(this);
        }
    }

    private boolean nothingWaits() {
        synchronized (waiting) {
            return waiting.isEmpty();
        }
    }

    @Override
    public void leave() {
        if (accepting) {
            drainUntil = System.nanoTime() + drainTimeout.toNanos();
            leaving = true;
        }
        stopAccepting();
        LockSupport.unpark(thread);
    }

    @Override
    public void close() {
        leave();
        try {
            // A step cannot be interrupted, so the last one may end a little after the time is up.
            thread.join(drainTimeout.plusSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void stopAccepting() {
        synchronized (waiting) {
            accepting = false;
            waiting.forEach(this::refuse);
            waiting.clear();
        }
    }

    /** Where the thread has died nobody leaves in order, and the image is better tried again after a pause. */
    private void refuse(I image) {
        if (leaving) {
            leaveAsItIs(image);
        } else {
            image.progress().fail(shuttingDown());
        }
    }

    private static void leaveAsItIs(BatchedImage image) {
        image.progress().leave(image.partial());
    }

    private GenerationException shuttingDown() {
        return new GenerationException(Reason.SHUTTING_DOWN, "the " + stage + " of " + model + " is shutting down");
    }
}
