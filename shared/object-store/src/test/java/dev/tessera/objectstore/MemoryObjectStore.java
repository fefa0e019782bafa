package dev.tessera.objectstore;

import dev.tessera.objectstore.ObjectStoreException.Reason;
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

/** A bucket in memory, which refuses everything for as long as a test wants it to. */
public final class MemoryObjectStore implements ObjectStore {
    private final NavigableMap<String, StoredObject> objects = new ConcurrentSkipListMap<>();
    private volatile Optional<Reason> refusal = Optional.empty();

    /** From now on every call fails. */
    public void refuse(Reason reason) {
        refusal = Optional.of(reason);
    }

    /** The end of {@link #refuse}. */
    public void allow() {
        refusal = Optional.empty();
    }

    /** Of all objects, in lexicographic order. */
    public List<String> names() {
        return List.copyOf(objects.keySet());
    }

    @Override
    public void createBucket() {
        requireAllowed("the bucket was not made");
    }

    @Override
    public boolean putIfAbsent(String name, byte[] content, String contentType, Map<String, String> metadata) {
        requireAllowed(name + " was not written");
        return objects.putIfAbsent(name, new StoredObject(content, contentType, metadata)) == null;
    }

    @Override
    public Optional<byte[]> get(String name) {
        requireAllowed(name + " was not read");
        return Optional.ofNullable(objects.get(name)).map(StoredObject::content);
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
        requireAllowed(name + " was not looked at");
        return Optional.ofNullable(objects.get(name)).map(StoredObject::stat);
    }

    @Override
    public URI presignGet(String name, Duration validity) {
        requireAllowed(name + " got no URL");
        return URI.create("memory:///" + name);
    }

    @Override
    public List<String> list(String prefix, int limit) {
        requireAllowed("Names below " + prefix + " were not listed");
        return objects.tailMap(prefix).keySet().stream()
                .takeWhile(name -> name.startsWith(prefix))
                .limit(limit)
                .toList();
    }

    @Override
    public void delete(String name) {
        requireAllowed(name + " was not removed");
        objects.remove(name);
    }

    private void requireAllowed(String failure) {
        refusal.ifPresent(reason -> {
            throw new ObjectStoreException(reason, failure, new IOException(reason.key()));
        });
    }

    private static final class StoredObject {
        private final byte[] content;
        private final ObjectStat stat;

        StoredObject(byte[] content, String contentType, Map<String, String> metadata) {
            this.content = content.clone();
            this.stat = new ObjectStat(content.length, contentType, Instant.EPOCH, metadata);
        }

        byte[] content() {
            return content.clone();
        }

        ObjectStat stat() {
            return stat;
        }
    }
}
