package dev.tessera.importer.checkpoint;

import java.util.Arrays;
import java.util.Optional;

/** The only globals a pickle may name: all describe data, none is ever called. */
enum TorchGlobal {
    REBUILD_TENSOR("torch._utils", "_rebuild_tensor_v2"),
    REBUILD_PARAMETER("torch._utils", "_rebuild_parameter"),
    ORDERED_DICT("collections", "OrderedDict"),
    NAMESPACE("argparse", "Namespace"),
    /** The key of a callback's state in a PyTorch Lightning checkpoint. */
    MODEL_CHECKPOINT("pytorch_lightning.callbacks.model_checkpoint", "ModelCheckpoint"),
    SIZE("torch", "Size"),
    DEVICE("torch", "device"),
    FLOAT_STORAGE("torch", "FloatStorage", ElementType.FLOAT32),
    HALF_STORAGE("torch", "HalfStorage", ElementType.FLOAT16),
    BFLOAT16_STORAGE("torch", "BFloat16Storage", ElementType.BFLOAT16),
    DOUBLE_STORAGE("torch", "DoubleStorage", ElementType.FLOAT64),
    LONG_STORAGE("torch", "LongStorage", ElementType.INT64),
    INT_STORAGE("torch", "IntStorage", ElementType.INT32),
    SHORT_STORAGE("torch", "ShortStorage", ElementType.INT16),
    CHAR_STORAGE("torch", "CharStorage", ElementType.INT8),
    BYTE_STORAGE("torch", "ByteStorage", ElementType.UINT8),
    BOOL_STORAGE("torch", "BoolStorage", ElementType.BOOL),
    FLOAT32("torch", "float32"),
    FLOAT16("torch", "float16"),
    BFLOAT16("torch", "bfloat16"),
    FLOAT64("torch", "float64"),
    INT64("torch", "int64"),
    INT32("torch", "int32"),
    BOOL("torch", "bool");

    private final String module;
    private final String member;
    private final Optional<ElementType> storage;

    TorchGlobal(String module, String member) {
        this.module = module;
        this.member = member;
        this.storage = Optional.empty();
    }

    TorchGlobal(String module, String member, ElementType storage) {
        this.module = module;
        this.member = member;
        this.storage = Optional.of(storage);
    }

    static Optional<TorchGlobal> of(String module, String member) {
        return Arrays.stream(values())
                .filter(global -> global.module.equals(module) && global.member.equals(member))
                .findFirst();
    }

    /** What a storage of this class holds; empty for what is no storage class. */
    Optional<ElementType> storage() {
        return storage;
    }

    @Override
    public String toString() {
        return module + "." + member;
    }
}
