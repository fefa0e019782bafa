package dev.tessera.importer.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tessera.importer.ImportException;
import dev.tessera.importer.ImportException.Reason;
import org.junit.jupiter.api.Test;

/** Pickles that would run something, that end too early or that want more than the file has. */
class PickleRefusalsTest {
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
