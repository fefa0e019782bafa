package dev.tessera.cli.stack;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** Held while a stack is started or stopped, so that only one process does it. Ends with the process. */
final class StackLock implements AutoCloseable {
    private final FileChannel channel;

    private StackLock(FileChannel channel) {
        this.channel = channel;
    }

    static StackLock acquire(StackHome home) {
        try {
            FileChannel channel = FileChannel.open(home.lock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (tryLock(channel) == null) {
                channel.close();
                throw new StackException(
                        StackException.Reason.BUSY,
                        "another command is starting or stopping the stack in " + home.directory()
                                + ": try again when it is done");
            }
            return new StackLock(channel);
        } catch (IOException e) {
            throw new StackException(StackException.Reason.IO, "cannot write to " + home.directory() + ": " + e, e);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException ignored) {
            // The operating system gives the lock back in any case.
        }
    }
}
