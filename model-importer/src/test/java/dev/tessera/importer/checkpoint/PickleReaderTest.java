package dev.tessera.importer.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tessera.importer.ImportException;
import dev.tessera.importer.ImportException.Reason;
import dev.tessera.importer.checkpoint.PickleValue.Dictionary;
import dev.tessera.importer.checkpoint.PickleValue.Namespace;
import dev.tessera.importer.checkpoint.PickleValue.Stored;
import dev.tessera.importer.checkpoint.PickleValue.Text;
import dev.tessera.importer.checkpoint.PickleValue.Whole;
import java.util.List;
import org.junit.jupiter.api.Test;

class PickleReaderTest {
    @Test
    void shouldReadPlainValues() {
        // Given
        byte[] pickle = new PickleBuilder()
                .raw('}', '(')
                .text("steps")
                .raw('J', 0x70, 0x11, 0x01, 0x00)
                .text("big")
                .raw(0x8a, 2, 0xFE, 0xFF)
                .raw('u')
                .stop();

        // When
        PickleValue value = PickleReader.read("test", pickle);

        // Then
        assertThat(((Dictionary) value).items())
                .containsEntry(new Text("steps"), new Whole(70_000))
                .containsEntry(new Text("big"), new Whole(-2));
    }

    @Test
    void shouldDescribeATensorWithoutReadingIt() {
        // Given
        byte[] pickle = new PickleBuilder().tensor(12, 2, 5, 2).stop();

        // When
        PickleValue value = PickleReader.read("test", pickle);

        // Then
        assertThat(value).isInstanceOfSatisfying(Stored.class, tensor -> {
            assertThat(tensor.storage().key()).isEqualTo("0");
            assertThat(tensor.first()).isEqualTo(2);
            assertThat(tensor.shape()).isEqualTo(List.of(5L));
            assertThat(tensor.strides()).isEqualTo(List.of(2L));
        });
    }

    @Test
    void shouldTolerateANamespace() {
        // Given
        byte[] pickle = new PickleBuilder()
                .global("argparse", "Namespace")
                .raw(')', 0x81, '}')
                .text("lr")
                .raw('K', 1, 's', 'b')
                .stop();

        // When
        PickleValue value = PickleReader.read("test", pickle);

        // Then
        assertThat(value).isInstanceOf(Namespace.class);
    }

    @Test
    void shouldRefuseAGlobalThatRunsACommand() {
        // Given
        byte[] pickle = new PickleBuilder()
                .global("os", "system")
                .raw('(')
                .text("touch /tmp/owned")
                .raw('t', 'R')
                .stop();

        // When, Then
        refused(pickle, "os.system");
    }

    @Test
    void shouldRefuseAGlobalNamedOnTheStack() {
        // Given
        byte[] pickle = new PickleBuilder()
                .text("builtins")
                .text("eval")
                .raw(0x93)
                .text("1 + 1")
                .raw(0x85, 'R')
                .stop();

        // When, Then
        refused(pickle, "builtins.eval");
    }

    @Test
    void shouldRefuseAMemberReachedThroughAnAllowedModule() {
        // Given
        byte[] pickle = new PickleBuilder()
                .text("torch")
                .text("serialization.os.system")
                .raw(0x93)
                .stop();

        // When, Then
        refused(pickle, "torch.serialization.os.system");
    }

    @Test
    void shouldRefuseToCallWhatIsOnlyAType() {
        // Given
        byte[] pickle = new PickleBuilder()
                .global("torch", "FloatStorage")
                .raw(')', 'R')
                .stop();

        // When, Then
        refused(pickle, "REDUCE of 'torch.FloatStorage'");
    }

    @Test
    void shouldRefuseToCallAValue() {
        // Given
        byte[] pickle = new PickleBuilder().text("system").raw(')', 'R').stop();

        // When, Then
        refused(pickle, "REDUCE of what is not a global");
    }

    @Test
    void shouldRefuseToSetTheStateOfATensor() {
        // Given
        byte[] pickle = new PickleBuilder().tensor(4, 0, 4, 1).raw('}', 'b').stop();

        // When, Then
        refused(pickle, "BUILD");
    }

    @Test
    void shouldRefuseAStateThatIsNoDict() {
        // Given: __setstate__ is given whatever BUILD finds
        byte[] pickle = new PickleBuilder()
                .global("argparse", "Namespace")
                .raw(')', 0x81)
                .text("anything")
                .raw('b')
                .stop();

        // When, Then
        refused(pickle, "BUILD");
    }

    @Test
    void shouldRefuseToCreateAnotherType() {
        // Given
        byte[] pickle = new PickleBuilder()
                .global("collections", "OrderedDict")
                .raw(')', 0x81)
                .stop();

        // When, Then
        refused(pickle, "NEWOBJ of 'collections.OrderedDict'");
    }

    @Test
    void shouldRefuseOpcodesOfOtherProtocolsByName() {
        refused(new PickleBuilder().raw('(', 'i').stop(), "INST");
        refused(new PickleBuilder().raw('(', 'o').stop(), "OBJ");
        refused(new PickleBuilder().raw(0x82, 1).stop(), "EXT1");
        refused(new PickleBuilder().raw(0x92).stop(), "NEWOBJ_EX");
        refused(new PickleBuilder().raw(0x97).stop(), "NEXT_BUFFER");
        refused(new PickleBuilder().raw('P').stop(), "PERSID");
        refused(new PickleBuilder().raw(0xEE).stop(), "0xee");
    }

    @Test
    void shouldRefuseAPersistentIdThatIsNoStorage() {
        refused(new PickleBuilder().text("file:///etc/passwd").raw('Q').stop(), "BINPERSID");
    }

    @Test
    void shouldRefuseAStorageOfSomethingElse() {
        refused(new PickleBuilder().storage("Size", "0", 1).stop(), "a storage of 'torch.Size'");
    }

    @Test
    void shouldRefuseAFrameThatIsLongerThanTheFile() {
        // Given
        byte[] pickle =
                new PickleBuilder().raw(0x95, 0, 0, 0, 0, 0, 0, 0, 0x40, 'N').stop();

        // When, Then
        assertThatThrownBy(() -> PickleReader.read("test", pickle))
                .isInstanceOf(ImportException.class)
                .hasMessageContaining("needs 4611686018427387904 bytes");
    }

    @Test
    void shouldRefuseATextThatIsLongerThanTheFile() {
        // Given
        byte[] pickle = new PickleBuilder().raw('X', 0xFF, 0xFF, 0xFF, 0x7F).stop();

        // When, Then
        assertThatThrownBy(() -> PickleReader.read("test", pickle))
                .isInstanceOf(ImportException.class)
                .hasMessageContaining("needs 2147483647 bytes");
    }

    @Test
    void shouldRefuseAMemoThatWasNeverStored() {
        refused(new PickleBuilder().raw('j', 0xFF, 0xFF, 0xFF, 0x7F).stop(), "memo entry 2147483647");
    }

    @Test
    void shouldTakeAFarMemoIndexWithoutReservingSpaceForIt() {
        // Given
        byte[] pickle = new PickleBuilder()
                .raw('K', 7, 'r', 0xFF, 0xFF, 0xFF, 0xFF, '0', 'j', 0xFF, 0xFF, 0xFF, 0xFF)
                .stop();

        // When
        PickleValue value = PickleReader.read("test", pickle);

        // Then
        assertThat(value).isEqualTo(new Whole(7));
    }

    @Test
    void shouldShareDoubledListsInsteadOfCopyingThem() {
        // Given: fifty levels, each a pair of the one below, would be 2^50 values if they were copied
        PickleBuilder bomb = new PickleBuilder().raw(']', 'q', 0);
        for (int level = 0; level < 50; level++) {
            bomb.raw('h', level, 'h', level, 0x86, 'q', level + 1, '0');
        }
        byte[] pickle = bomb.raw('h', 50).stop();

        // When
        PickleValue value = PickleReader.read("test", pickle);

        // Then
        assertThat(value).isInstanceOf(PickleValue.Sequence.class);
    }

    @Test
    void shouldRefuseAKeyWithParts() {
        refused(new PickleBuilder().raw('}', ']', 'N', 's').stop(), "a dict key");
    }

    @Test
    void shouldRefuseATensorOfManyAxes() {
        // Given
        PickleBuilder pickle = new PickleBuilder()
                .global("torch._utils", "_rebuild_tensor_v2")
                .raw('(')
                .storage("FloatStorage", "0", 1)
                .raw('K', 0, '(');
        for (int axis = 0; axis < 9; axis++) {
            pickle.raw('K', 1);
        }
        byte[] bytes = pickle.raw('t', '(', 't', 0x89, 'N', 't', 'R').stop();

        // When, Then
        refused(bytes, "a tensor of rank 9");
    }

    @Test
    void shouldRefuseAValueFromAnEmptyStack() {
        refused(new PickleBuilder().raw('a').stop(), "empty stack");
        refused(new PickleBuilder().raw('t').stop(), "mark that was never set");
        refused(new PickleBuilder().raw('N', '(', '0').stop(), "empty stack");
    }

    @Test
    void shouldRefuseAPickleThatEndsTooEarly() {
        // Given
        byte[] pickle = {(byte) 0x80, 2, '}', '('};

        // When, Then
        assertThatThrownBy(() -> PickleReader.read("test", pickle))
                .isInstanceOf(ImportException.class)
                .hasMessageContaining("needs 1 bytes");
    }

    @Test
    void shouldRefuseOldAndFutureProtocols() {
        refused(new byte[] {(byte) 0x80, 1, 'N', '.'}, "protocol 1");
        refused(new byte[] {(byte) 0x80, 6, 'N', '.'}, "protocol 6");
    }

    private static void refused(byte[] pickle, String name) {
        assertThatThrownBy(() -> PickleReader.read("test", pickle))
                .isInstanceOfSatisfying(
                        ImportException.class, e -> assertThat(e.reason()).isEqualTo(Reason.UNSAFE_PICKLE))
                .hasMessageContaining(name);
    }
}
