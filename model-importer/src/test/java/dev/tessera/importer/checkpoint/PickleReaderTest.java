package dev.tessera.importer.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

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
}
