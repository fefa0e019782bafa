package dev.tessera.importer.checkpoint;

import java.util.List;
import java.util.Map;

/** What a pickle may hold. Collections are filled while the pickle is read and shared as it shares them. */
sealed interface PickleValue {
    record None() implements PickleValue {}

    record Truth(boolean value) implements PickleValue {}

    record Whole(long value) implements PickleValue {}

    record Real(double value) implements PickleValue {}

    record Text(String value) implements PickleValue {}

    record Bytes(int length) implements PickleValue {}

    /** A list, tuple or set. */
    record Sequence(List<PickleValue> items) implements PickleValue {}

    /** A dict or OrderedDict. Keys are plain values. */
    record Dictionary(Map<PickleValue, PickleValue> items) implements PickleValue {}

    /** An argparse.Namespace, whose values nobody needs. */
    record Namespace() implements PickleValue {}

    /** One of the few names a checkpoint may call. */
    record Named(TorchGlobal global) implements PickleValue {}

    /** A harmless object without use here, such as a torch.device. */
    record Opaque() implements PickleValue {}

    /** @param capacity the elements that the pickle says it has */
    record Storage(ElementType type, String key, long capacity) implements PickleValue {}

    /** A tensor as the pickle describes it, not yet held against the bytes of its storage. */
    record Stored(Storage storage, long first, List<Long> shape, List<Long> strides) implements PickleValue {}

    /** Whether this may be a dictionary's key: a value without parts; PyTorch Lightning uses names too. */
    default boolean plain() {
        return switch (this) {
            case None _, Truth _, Whole _, Real _, Text _, Named _ -> true;
            case Bytes _, Sequence _, Dictionary _, Namespace _, Opaque _, Storage _, Stored _ -> false;
        };
    }
}
