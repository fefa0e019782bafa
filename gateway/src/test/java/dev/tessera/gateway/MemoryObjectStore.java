package dev.tessera.gateway;

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
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/** A bucket that can go away. */
final class MemoryObjectStore implements ObjectStore {
    private final NavigableMap<String, byte[]> objects = new ConcurrentSkipListMap<>();
    private volatile boolean away;

    void goAway(boolean gone) {
        away = gone;
    }

    @Override
    public void createBucket() {
        requireThere();
    }

    @Override
    public boolean putIfAbsent(String name, byte[] content, String contentType, Map<String, String> metadata) {
        requireThere();
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
        return get(name).map(content -> new ObjectStat(content.length, "", Instant.EPOCH, Map.of()));
    }

    @Override
    public URI presignGet(String name, Duration validity) {
        return URI.create("memory:" + name);
    }

    @Override
    public List<String> list(String prefix, int limit) {
        requireThere();
        return objects.tailMap(prefix).keySet().stream()
                .takeWhile(name -> name.startsWith(prefix))
                .limit(limit)
                .toList();
    }

    @Override
    public void delete(String name) {
        requireThere();
        objects.remove(name);
    }

    private void requireThere() {
        if (away) {
            throw new ObjectStoreException(
                    ObjectStoreException.Reason.UNAVAILABLE, "the bucket is away", new IOException("away"));
        }
    }
}
