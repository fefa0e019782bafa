package dev.tessera.importer.checkpoint;

import dev.tessera.importer.ImportException;
import dev.tessera.importer.ImportException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * An open checkpoint: one safetensors file, a sharded one by its index, or a PyTorch zip file. Told apart by content,
 * not by name. Closing it unmaps its tensors.
 */
public final class Checkpoint implements AutoCloseable {
    private final Path path;
    private final List<Path> files;
    private final Map<String, Map<String, Tensor>> dictionaries;
    private final Arena arena;

    private Checkpoint(Path path, List<Path> files, Map<String, Map<String, Tensor>> dictionaries, Arena arena) {
        this.path = path;
        this.files = List.copyOf(files);
        this.dictionaries = dictionaries;
        this.arena = arena;
    }

    /** @throws ImportException when the file is none of the three, or is broken or unsafe */
    public static Checkpoint open(Path path) {
        Arena arena = Arena.ofShared();
        try {
            return read(path, arena);
        } catch (RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    private static Checkpoint read(Path path, Arena arena) {
        byte[] start = firstBytes(path);
        if (start.length >= 4 && start[0] == 'P' && start[1] == 'K') {
            return new Checkpoint(path, List.of(path), TorchZip.dictionaries(path, arena), arena);
        }
        if (start.length >= 1 && start[0] == '{') {
            var shards = ShardIndex.read(path);
            return new Checkpoint(path, shards.files(), Map.of("", shards.tensors(arena)), arena);
        }
        if (start.length >= 9 && start[8] == '{') {
            return new Checkpoint(path, List.of(path), Map.of("", Safetensors.read(path, arena)), arena);
        }
        throw new ImportException(
                Reason.UNREADABLE_FILE,
                path + " is neither safetensors nor a PyTorch zip checkpoint (a file saved by PyTorch before 1.6 has"
                        + " to be saved again)");
    }

    private static byte[] firstBytes(Path path) {
        if (!Files.isRegularFile(path)) {
            throw new ImportException(Reason.UNREADABLE_FILE, path + " is not a file");
        }
        try (InputStream in = Files.newInputStream(path)) {
            return in.readNBytes(9);
        } catch (IOException e) {
            throw new ImportException(Reason.UNREADABLE_FILE, path + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** Every file that was read: the index and its shards, or the one file. */
    public List<Path> files() {
        return files;
    }

    /**
     * The state dict that holds the tensor {@code marker}: the top level, then the given keys in order.
     *
     * @throws ImportException when none holds it
     */
    public StateDict stateDict(String marker, List<String> keys) {
        List<String> order = new ArrayList<>(List.of(""));
        order.addAll(keys);
        for (String key : order) {
            Map<String, Tensor> candidate = dictionaries.getOrDefault(key, Map.of());
            if (candidate.containsKey(marker)) {
                return StateDict.of(path.getFileName().toString(), candidate);
            }
        }
        throw new ImportException(
                Reason.MISSING_TENSOR,
                path + " has no tensor '" + marker + "', neither at the top level nor under " + keys);
    }

    @Override
    public void close() {
        arena.close();
    }
}
