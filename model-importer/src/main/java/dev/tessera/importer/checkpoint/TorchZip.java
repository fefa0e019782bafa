package dev.tessera.importer.checkpoint;

import dev.tessera.importer.ImportException;
import dev.tessera.importer.ImportException.Reason;
import dev.tessera.importer.checkpoint.PickleValue.Dictionary;
import dev.tessera.importer.checkpoint.PickleValue.Storage;
import dev.tessera.importer.checkpoint.PickleValue.Stored;
import dev.tessera.importer.checkpoint.PickleValue.Text;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads what {@code torch.save} writes: a zip of uncompressed entries below one folder, {@code data.pkl} with the
 * structure and {@code data/<key>} with the numbers.
 */
final class TorchZip {
    private static final String PICKLE = "/data.pkl";
    private static final long MAX_PICKLE = 8L << 20;

    private final Path file;
    private final String folder;
    private final Map<String, MemorySegment> entries;

    private TorchZip(Path file, String folder, Map<String, MemorySegment> entries) {
        this.file = file;
        this.folder = folder;
        this.entries = entries;
    }

    /** The tensors at the top level, under the empty key, and those of every dictionary there, under its key. */
    static Map<String, Map<String, Tensor>> dictionaries(Path file, Arena arena) {
        Map<String, MemorySegment> entries = ZipEntries.read(file, MappedFile.map(file, arena));
        String pickle = entries.keySet().stream()
                .filter(name -> name.endsWith(PICKLE) && name.indexOf('/') == name.length() - PICKLE.length())
                .findFirst()
                .orElseThrow(() -> new ImportException(
                        Reason.UNREADABLE_FILE, file + " is a zip file without data.pkl, not a PyTorch checkpoint"));
        String folder = pickle.substring(0, pickle.length() - PICKLE.length());
        return new TorchZip(file, folder, entries).dictionaries();
    }

    private Map<String, Map<String, Tensor>> dictionaries() {
        requireLittleEndian();
        if (!(PickleReader.read(file + PICKLE, pickle()) instanceof Dictionary root)) {
            throw new ImportException(Reason.UNREADABLE_FILE, file + " holds no dictionary of tensors");
        }
        Map<String, Map<String, Tensor>> dictionaries = new LinkedHashMap<>();
        dictionaries.put("", tensors(root));
        root.items().forEach((key, value) -> {
            if (key instanceof Text(String name) && value instanceof Dictionary dictionary) {
                dictionaries.put(name, tensors(dictionary));
            }
        });
        return dictionaries;
    }

    private byte[] pickle() {
        MemorySegment pickle = entry("data.pkl");
        if (pickle.byteSize() > MAX_PICKLE) {
            throw new ImportException(
                    Reason.UNSAFE_PICKLE,
                    file + PICKLE + " has " + pickle.byteSize() + " bytes, more than a checkpoint" + " needs");
        }
        return pickle.toArray(ValueLayout.JAVA_BYTE);
    }

    private void requireLittleEndian() {
        MemorySegment order = entries.getOrDefault(folder + "/byteorder", MemorySegment.NULL);
        String name = new String(order.toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
        if (!name.isEmpty() && !name.equals("little")) {
            throw new ImportException(Reason.UNSUPPORTED, file + " was saved in '" + name + "' byte order");
        }
    }

    private Map<String, Tensor> tensors(Dictionary dictionary) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        dictionary.items().forEach((key, value) -> {
            if (key instanceof Text(String name) && value instanceof Stored stored) {
                tensors.put(name, tensor(name, stored));
            }
        });
        return tensors;
    }

    private Tensor tensor(String name, Stored stored) {
        Storage storage = stored.storage();
        MemorySegment bytes = entry("data/" + storage.key());
        if (storage.capacity() < 0
                || storage.capacity() > bytes.byteSize() / storage.type().bytes()) {
            throw new ImportException(
                    Reason.MALFORMED_FILE,
                    "tensor '" + name + "' in " + file + " has a storage of " + storage.capacity() + " "
                            + storage.type() + " in " + bytes.byteSize() + " bytes");
        }
        return Tensor.of(name, storage.type(), stored.shape(), stored.strides(), bytes, stored.first());
    }

    private MemorySegment entry(String name) {
        MemorySegment entry = entries.get(folder + "/" + name);
        if (entry == null) {
            throw new ImportException(Reason.MALFORMED_FILE, file + " has no entry '" + folder + "/" + name + "'");
        }
        return entry;
    }
}
