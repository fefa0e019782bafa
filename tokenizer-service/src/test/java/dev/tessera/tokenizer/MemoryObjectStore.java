package dev.tessera.tokenizer;

import dev.tessera.objectstore.ObjectStat;
import dev.tessera.objectstore.ObjectStore;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/** A bucket in memory. */
final class MemoryObjectStore implements ObjectStore {
    private final Map<String, byte[]> objects = new ConcurrentSkipListMap<>();

    @Override
    public void createBucket() {}

    @Override
    public boolean putIfAbsent(String name, byte[] content, String contentType, Map<String, String> metadata) {
        return objects.putIfAbsent(name, content.clone()) == null;
    }

    @Override
    public Optional<byte[]> get(String name) {
        return Optional.ofNullable(objects.get(name)).map(byte[]::clone);
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
        return URI.create("memory:///" + name);
    }

    @Override
    public List<String> list(String prefix, int limit) {
        return objects.keySet().stream()
                .filter(name -> name.startsWith(prefix))
                .limit(limit)
                .toList();
    }

    @Override
    public void delete(String name) {
        objects.remove(name);
    }
}
