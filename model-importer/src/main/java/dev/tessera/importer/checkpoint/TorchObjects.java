package dev.tessera.importer.checkpoint;

import dev.tessera.importer.ImportException;
import dev.tessera.importer.ImportException.Reason;
import dev.tessera.importer.checkpoint.PickleValue.Dictionary;
import dev.tessera.importer.checkpoint.PickleValue.Named;
import dev.tessera.importer.checkpoint.PickleValue.Namespace;
import dev.tessera.importer.checkpoint.PickleValue.Opaque;
import dev.tessera.importer.checkpoint.PickleValue.Sequence;
import dev.tessera.importer.checkpoint.PickleValue.Storage;
import dev.tessera.importer.checkpoint.PickleValue.Stored;
import dev.tessera.importer.checkpoint.PickleValue.Text;
import dev.tessera.importer.checkpoint.PickleValue.Whole;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/** What the calls of a checkpoint's pickle mean: each becomes a record of data. */
final class TorchObjects {
    private static final int MAX_RANK = 8;

    private final String source;

    /** @param source the file, for messages */
    TorchObjects(String source) {
        this.source = source;
    }

    Named global(String module, String member) {
        return TorchGlobal.of(module, member)
                .map(Named::new)
                .orElseThrow(() -> refused("the global '" + module + "." + member + "'"));
    }

    /** {@code callable(*arguments)}, opcode REDUCE. */
    PickleValue called(PickleValue callable, List<PickleValue> arguments) {
        if (!(callable instanceof Named named)) {
            throw refused("REDUCE of what is not a global");
        }
        return switch (named.global()) {
            case REBUILD_TENSOR -> tensor(arguments);
            case REBUILD_PARAMETER -> parameter(arguments);
            case ORDERED_DICT -> orderedDict(arguments);
            case SIZE -> size(arguments);
            case DEVICE -> new Opaque();
            default -> throw refused("REDUCE of '" + named.global() + "'");
        };
    }

    /** {@code type.__new__(type, *arguments)}, opcode NEWOBJ. */
    PickleValue created(PickleValue type, List<PickleValue> arguments) {
        boolean namespace = type instanceof Named named && named.global() == TorchGlobal.NAMESPACE;
        if (!namespace || !arguments.isEmpty()) {
            throw refused("NEWOBJ of '" + (type instanceof Named named ? named.global() : "a value") + "'");
        }
        return new Namespace();
    }

    /** Opcode BUILD: the attributes of a namespace or of a state dict carry nothing that is needed. */
    void requireIgnorableState(PickleValue target, PickleValue state) {
        boolean ignorable =
                (target instanceof Namespace || target instanceof Dictionary) && state instanceof Dictionary;
        if (!ignorable) {
            throw refused("BUILD, setting the state of " + target.getClass().getSimpleName());
        }
    }

    /** {@code ('storage', class, key, location, elements)}, opcode BINPERSID. */
    Storage persistent(PickleValue id) {
        if (id instanceof Sequence(List<PickleValue> parts)
                && parts.size() == 5
                && parts.get(0) instanceof Text(String kind)
                && kind.equals("storage")
                && parts.get(1) instanceof Named(TorchGlobal type)
                && parts.get(2) instanceof Text(String key)
                && parts.get(4) instanceof Whole(long elements)) {
            return new Storage(type.storage().orElseThrow(() -> refused("a storage of '" + type + "'")), key, elements);
        }
        throw refused("BINPERSID of what is not a storage");
    }

    private Stored tensor(List<PickleValue> arguments) {
        if (arguments.size() >= 6
                && arguments.get(0) instanceof Storage storage
                && arguments.get(1) instanceof Whole(long first)
                && arguments.get(2) instanceof Sequence(List<PickleValue> shape)
                && arguments.get(3) instanceof Sequence(List<PickleValue> strides)) {
            return new Stored(storage, first, wholes(shape), wholes(strides));
        }
        throw refused("a tensor with other arguments than a storage, an offset, a size and strides");
    }

    private Stored parameter(List<PickleValue> arguments) {
        if (!arguments.isEmpty() && arguments.getFirst() instanceof Stored tensor) {
            return tensor;
        }
        throw refused("a parameter of what is not a tensor");
    }

    private Dictionary orderedDict(List<PickleValue> arguments) {
        if (!arguments.isEmpty()) {
            throw refused("an OrderedDict with arguments");
        }
        return new Dictionary(new LinkedHashMap<>());
    }

    private Sequence size(List<PickleValue> arguments) {
        if (arguments.size() == 1 && arguments.getFirst() instanceof Sequence sizes) {
            return sizes;
        }
        throw refused("a torch.Size of what is not a tuple");
    }

    private List<Long> wholes(List<PickleValue> values) {
        if (values.size() > MAX_RANK) {
            throw refused("a tensor of rank " + values.size());
        }
        List<Long> wholes = new ArrayList<>();
        for (PickleValue value : values) {
            if (!(value instanceof Whole(long whole))) {
                throw refused("a size that is not a whole number");
            }
            wholes.add(whole);
        }
        return List.copyOf(wholes);
    }

    private ImportException refused(String what) {
        return new ImportException(Reason.UNSAFE_PICKLE, source + " asks for " + what + ": refused");
    }
}
