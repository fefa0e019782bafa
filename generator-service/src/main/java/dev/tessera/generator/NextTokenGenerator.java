package dev.tessera.generator;

import dev.tessera.generator.GeneratorException.Reason;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.jboss.logging.Logger;

/**
 * Makes images token by token with in-flight batching: one thread owns the model, advances all images in flight by one
 * token per step, and lets images join and leave between two steps. An image's tokens do not depend on its neighbours.
 *
 * <p>A failed step fails the images that were in it, as transient, and the next images start afresh.
 */
public final class NextTokenGenerator implements TokenGenerator, AutoCloseable {
    private static final Logger LOG = Logger.getLogger(NextTokenGenerator.class);

    /** Steps that failed in a row before the generator counts as broken. */
    private static final int FAULTS_TO_BREAK = 3;

    private final String name;
    private final NextTokenModel model;
    private final int slots;
    private final Duration drainTimeout;
    private final DecodingBatch batch;
    private final Queue<ImageInFlight> waiting = new ArrayDeque<>();
    private final Thread thread;
    private volatile boolean accepting = true;
    private volatile long drainUntil;
    private volatile int faults;

    /**
     * Takes the model over: it is closed with the generator.
     *
     * @param name of the model, for the thread and the log
     * @param slots most images in flight
     * @param drainTimeout how long {@link #close} lets images in flight go on
     */
    public NextTokenGenerator(String name, NextTokenModel model, int slots, Duration drainTimeout) {
        if (slots < 1) {
            throw new IllegalArgumentException("slots is " + slots + ", it must be at least 1");
        }
        this.name = name;
        this.model = model;
        this.slots = slots;
        this.drainTimeout = drainTimeout;
        this.batch = new DecodingBatch(model);
        this.thread = Thread.ofPlatform().name("generator-" + name).daemon().start(this::run);
    }

    @Override
    public CompletableFuture<GenerationOutcome> generate(GenerationRequest request, GenerationObserver observer) {
        var image = new ImageInFlight(request, observer, model.dimensions());
        synchronized (waiting) {
            if (accepting) {
                waiting.add(image);
            } else {
                image.fail(shuttingDown());
            }
        }
        LockSupport.unpark(thread);
        return image.outcome();
    }

    /** Whether its thread lives; once it has died, only a restart helps. */
    public boolean alive() {
        return thread.isAlive();
    }

    /** Whether images can be expected to succeed: the thread lives and the last steps did not all fail. */
    public boolean healthy() {
        return accepting && alive() && faults < FAULTS_TO_BREAK;
    }

    private void run() {
        try {
            while (accepting || !batch.isEmpty() && System.nanoTime() - drainUntil < 0) {
                advance();
            }
        } finally {
            stopAccepting();
            batch.clear().forEach(image -> image.fail(shuttingDown()));
            model.close();
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
            Optional<ImageInFlight> next = nextFitting();
            if (next.isEmpty()) {
                return;
            }
            join(next.get());
        }
    }

    private Optional<ImageInFlight> nextFitting() {
        synchronized (waiting) {
            ImageInFlight next = waiting.peek();
            return next == null || !batch.hasRoomFor(next) ? Optional.empty() : Optional.of(waiting.remove());
        }
    }

    private void join(ImageInFlight image) {
        image.stopIfRequested();
        if (image.ended()) {
            return;
        }
        try {
            batch.join(image);
        } catch (RuntimeException e) {
            image.fail(fault("prefill", e));
        }
        batch.removeEnded();
    }

    private void step() {
        try {
            batch.step();
            faults = 0;
        } catch (RuntimeException e) {
            GeneratorException fault = fault("decode step", e);
            batch.clear().forEach(image -> image.fail(fault));
        }
    }

    private GeneratorException fault(String what, RuntimeException cause) {
        faults = faults + 1;
        LOG.errorf(cause, "event=engine-fault stage=generator model=%s what=\"%s\" inARow=%d", name, what, faults);
        return new GeneratorException(Reason.ENGINE_FAILED, "the " + what + " failed", cause);
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

    /** Takes no more images, fails those that wait as transient, and gives those in flight time to end. */
    @Override
    public void close() {
        drainUntil = System.nanoTime() + drainTimeout.toNanos();
        stopAccepting();
        LockSupport.unpark(thread);
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
            waiting.forEach(image -> image.fail(shuttingDown()));
            waiting.clear();
        }
    }

    private GeneratorException shuttingDown() {
        return new GeneratorException(Reason.SHUTTING_DOWN, "the generator of " + name + " is shutting down");
    }
}
