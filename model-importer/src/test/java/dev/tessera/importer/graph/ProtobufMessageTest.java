package dev.tessera.importer.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Against bytes worked out by hand from the published encoding. */
class ProtobufMessageTest {
    @Test
    void shouldWriteWholeNumbersInGroupsOfSevenBits() {
        assertThat(new ProtobufMessage().whole(1, 150).toBytes()).isEqualTo(bytes(0x08, 0x96, 0x01));
        assertThat(new ProtobufMessage().whole(20, 0).toBytes()).isEqualTo(bytes(0xA0, 0x01, 0x00));
        assertThat(new ProtobufMessage().whole(3, -1).toBytes())
                .isEqualTo(bytes(0x18, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01));
    }

    @Test
    void shouldWriteRealNumbersTextsAndMessages() {
        assertThat(new ProtobufMessage().real(2, 1f).toBytes()).isEqualTo(bytes(0x15, 0, 0, 0x80, 0x3F));
        assertThat(new ProtobufMessage().text(2, "é").toBytes()).isEqualTo(bytes(0x12, 2, 0xC3, 0xA9));
        assertThat(new ProtobufMessage()
                        .message(3, new ProtobufMessage().whole(1, 150))
                        .toBytes())
                .isEqualTo(bytes(0x1A, 3, 0x08, 0x96, 0x01));
    }

    @Test
    void shouldPackLists() {
        assertThat(new ProtobufMessage().wholes(4, List.of(3L, 270L, 86942L)).toBytes())
                .isEqualTo(bytes(0x22, 6, 0x03, 0x8E, 0x02, 0x9E, 0xA7, 0x05));
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }
}
