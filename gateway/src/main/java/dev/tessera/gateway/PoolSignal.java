package dev.tessera.gateway;

import dev.tessera.gateway.GatewayException.Reason;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** What the pools are scaled by. It says nothing before the past is known: half a log would look like little work. */
public final class PoolSignal {
    private final PoolBoard board;
    private final JobFollower follower;

    PoolSignal(PoolBoard board, JobFollower follower) {
        this.board = board;
        this.follower = follower;
    }

    public Set<String> names() {
        return board.names();
    }

    public List<PoolReading> all() {
        requirePast();
        return board.all();
    }

    /** @throws GatewayException when there is no such pool, or the log is still being read */
    public PoolReading read(String pool) {
        requirePast();
        return board.read(pool);
    }

    public boolean isReady() {
        return follower.caughtUp();
    }

    /** Completes once the past is known. */
    public CompletionStage<Void> ready() {
        return follower.past();
    }

    /** See {@link PoolBoard#listen}. */
    public Runnable listen(String pool, Consumer<Boolean> listener) {
        return board.listen(pool, listener);
    }

    private void requirePast() {
        if (!follower.caughtUp()) {
            throw new GatewayException(Reason.NOT_READY, "the event log is still being read; ask again");
        }
    }
}
