package dev.tessera.importer.checkpoint;

import dev.tessera.importer.ImportException;
import dev.tessera.importer.ImportException.Reason;
import dev.tessera.importer.checkpoint.PickleValue.Bytes;
import dev.tessera.importer.checkpoint.PickleValue.Dictionary;
import dev.tessera.importer.checkpoint.PickleValue.Named;
import dev.tessera.importer.checkpoint.PickleValue.None;
import dev.tessera.importer.checkpoint.PickleValue.Real;
import dev.tessera.importer.checkpoint.PickleValue.Sequence;
import dev.tessera.importer.checkpoint.PickleValue.Text;
import dev.tessera.importer.checkpoint.PickleValue.Truth;
import dev.tessera.importer.checkpoint.PickleValue.Whole;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads pickles of protocol 2 to 5 that hold tensors and plain values, and nothing else. It is a parser, not an
 * unpickler: a global is compared with {@link TorchGlobal}, never looked up, and "calling" one only makes a record.
 * Whatever else a pickle asks for is refused by the name of its opcode or global.
 *
 * <p>Memory is bounded by the pickle's length: every opcode makes at most one value, values are shared, not copied, and
 * nothing here walks through shared values.
 */
final class PickleReader {
    private static final int MAX_PROTOCOL = 5;
    private static final int MAX_WHOLE_BYTES = Long.BYTES;

    private final PickleInput in;
    private final TorchObjects objects;
    private final Map<Long, PickleValue> memo = new HashMap<>();
    private final List<PickleValue> stack = new ArrayList<>();
    private final List<Integer> marks = new ArrayList<>();

    private PickleReader(String source, byte[] pickle) {
        this.in = new PickleInput(source, pickle);
        this.objects = new TorchObjects(source);
    }

    /**
     * @param source the file, for messages
     * @throws ImportException when the pickle is broken or asks for anything but data
     */
    static PickleValue read(String source, byte[] pickle) {
        var reader = new PickleReader(source, pickle);
        int opcode = reader.in.unsigned8();
        while (opcode != '.') {
            reader.step(opcode);
            opcode = reader.in.unsigned8();
        }
        return reader.pop();
    }

    /** One opcode; the list is the language. */
    private void step(int opcode) {
        switch (opcode) {
            case 0x80 -> requireProtocol(in.unsigned8());
            case 0x95 -> in.requireRemaining(in.signed64());
            case 'N' -> push(new None());
            case 0x88 -> push(new Truth(true));
            case 0x89 -> push(new Truth(false));
            case 'J' -> push(new Whole(in.signed32()));
            case 'K' -> push(new Whole(in.unsigned8()));
            case 'M' -> push(new Whole(in.unsigned16()));
            case 0x8a -> push(new Whole(whole(in.unsigned8())));
            case 'G' -> push(new Real(in.bigEndianDouble()));
            case 0x8c -> push(new Text(in.text(in.unsigned8())));
            case 'X' -> push(new Text(in.text(in.unsigned32())));
            case 0x8d -> push(new Text(in.text(in.signed64())));
            case 'C' -> push(bytes(in.unsigned8()));
            case 'B' -> push(bytes(in.unsigned32()));
            case 0x8e -> push(bytes(in.signed64()));
            case '(' -> marks.add(stack.size());
            case '0' -> pop();
            case '1' -> popToMark();
            case '2' -> push(top());
            case ')' -> push(new Sequence(new ArrayList<>()));
            case 't' -> push(new Sequence(popToMark()));
            case 0x85 -> push(new Sequence(popLast(1)));
            case 0x86 -> push(new Sequence(popLast(2)));
            case 0x87 -> push(new Sequence(popLast(3)));
            case ']', 0x8f -> push(new Sequence(new ArrayList<>()));
            case 'l', 0x91 -> push(new Sequence(popToMark()));
            case 'a' -> append(popLast(1));
            case 'e', 0x90 -> append(popToMark());
            case '}' -> push(new Dictionary(new LinkedHashMap<>()));
            case 'd' -> push(dictionary(popToMark()));
            case 's' -> set(popLast(2));
            case 'u' -> set(popToMark());
            case 'q' -> memo.put((long) in.unsigned8(), top());
            case 'r' -> memo.put(in.unsigned32(), top());
            case 0x94 -> memo.put((long) memo.size(), top());
            case 'h' -> push(remembered(in.unsigned8()));
            case 'j' -> push(remembered(in.unsigned32()));
            case 'c' -> push(objects.global(in.line(), in.line()));
            case 0x93 -> push(stackGlobal(popLast(2)));
            case 'R' -> reduce(popLast(2));
            case 0x81 -> create(popLast(2));
            case 'b' -> build(pop());
            case 'Q' -> push(objects.persistent(pop()));
            default -> throw refused("the opcode " + PickleOpcode.name(opcode));
        }
    }

    private void requireProtocol(int version) {
        if (version < 2 || version > MAX_PROTOCOL) {
            throw refused("the protocol " + version);
        }
    }

    private long whole(int length) {
        if (length > MAX_WHOLE_BYTES) {
            throw refused("a whole number of " + length + " bytes");
        }
        return in.littleEndian(length);
    }

    private Bytes bytes(long length) {
        in.skip(length);
        return new Bytes(Math.toIntExact(length));
    }

    private void append(List<PickleValue> items) {
        if (!(top() instanceof Sequence sequence)) {
            throw refused("appending to what is not a list");
        }
        sequence.items().addAll(items);
    }

    private void set(List<PickleValue> pairs) {
        if (!(top() instanceof Dictionary dictionary)) {
            throw refused("setting an item of what is not a dict");
        }
        dictionary.items().putAll(dictionary(pairs).items());
    }

    private Dictionary dictionary(List<PickleValue> pairs) {
        if (pairs.size() % 2 != 0) {
            throw refused("a dict with a key without value");
        }
        Map<PickleValue, PickleValue> items = new LinkedHashMap<>();
        for (int i = 0; i < pairs.size(); i += 2) {
            if (!pairs.get(i).plain()) {
                throw refused("a dict key that is not a plain value");
            }
            items.put(pairs.get(i), pairs.get(i + 1));
        }
        return new Dictionary(items);
    }

    private PickleValue remembered(long index) {
        PickleValue value = memo.get(index);
        if (value == null) {
            throw refused("the memo entry " + index + ", which was never stored");
        }
        return value;
    }

    private Named stackGlobal(List<PickleValue> names) {
        if (names.get(0) instanceof Text module && names.get(1) instanceof Text member) {
            return objects.global(module.value(), member.value());
        }
        throw refused("a global whose name is not text");
    }

    private void reduce(List<PickleValue> call) {
        push(objects.called(call.get(0), arguments("REDUCE", call.get(1))));
    }

    private void create(List<PickleValue> call) {
        push(objects.created(call.get(0), arguments("NEWOBJ", call.get(1))));
    }

    private List<PickleValue> arguments(String opcode, PickleValue value) {
        if (value instanceof Sequence sequence) {
            return sequence.items();
        }
        throw refused(opcode + " without a tuple of arguments");
    }

    private void build(PickleValue state) {
        objects.requireIgnorableState(top(), state);
    }

    private void push(PickleValue value) {
        stack.add(value);
    }

    private PickleValue pop() {
        return popLast(1).getFirst();
    }

    private PickleValue top() {
        requireDepth(1);
        return stack.getLast();
    }

    private List<PickleValue> popLast(int count) {
        requireDepth(count);
        return cut(stack.size() - count);
    }

    private List<PickleValue> popToMark() {
        if (marks.isEmpty()) {
            throw refused("a value up to a mark that was never set");
        }
        return cut(marks.removeLast());
    }

    private List<PickleValue> cut(int from) {
        List<PickleValue> tail = stack.subList(from, stack.size());
        List<PickleValue> values = new ArrayList<>(tail);
        tail.clear();
        return values;
    }

    private void requireDepth(int count) {
        int floor = marks.isEmpty() ? 0 : marks.getLast();
        if (stack.size() - floor < count) {
            throw refused("a value from an empty stack");
        }
    }

    private ImportException refused(String what) {
        return new ImportException(
                Reason.UNSAFE_PICKLE, in.source() + " asks for " + what + " at byte " + in.position() + ": refused");
    }
}
