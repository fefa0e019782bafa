package dev.tessera.decoder;

import dev.tessera.objectstore.ObjectStat;
import dev.tessera.objectstore.ObjectStore;
import dev.tessera.objectstore.ObjectStoreException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** A bucket in memory that can be taken away. */
final class MemoryObjectStore implements ObjectStore {
    final Map<String, byte[]> objects = new ConcurrentHashMap<>();
    final Map<String, String> contentTypes = new ConcurrentHashMap<>();
    volatile boolean away;

    @Override
    public void createBucket() {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean putIfAbsent(String name, byte[] content, String contentType, Map<String, String> metadata) {
        requireThere();
        contentTypes.putIfAbsent(name, contentType);
        return objects.putIfAbsent(name, content) == null;
    }

    @Override
    public Optional<byte[]> get(String name) {
        requireThere();
        return Optional.ofNullable(objects.get(name));
    }

    @Override
    public boolean copyTo(String name, OutputStream target) throws IOException {
        Optional<byte[]> content = get(name);
        if (content.isPresent()) {
            target.write(content.get());
        }
        return content.isPresent();
    }

    @Override
    public Optional<ObjectStat> stat(String name) {
        return get(name)
                .map(content -> new ObjectStat(content.length, "application/octet-stream", Instant.EPOCH, Map.of()));
    }

    @Override
    public URI presignGet(String name, Duration validity) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<String> list(String prefix, int limit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void delete(String name) {
        throw new UnsupportedOperationException();
    }

    private void requireThere() {
        if (away) {
            throw new ObjectStoreException(
                    ObjectStoreException.Reason.UNAVAILABLE, "away", new IllegalStateException("away"));
        }
    }
}
