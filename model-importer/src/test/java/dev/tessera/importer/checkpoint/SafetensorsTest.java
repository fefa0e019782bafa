package dev.tessera.importer.checkpoint;

import static dev.tessera.importer.checkpoint.CheckpointTest.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.importer.ImportException.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsTest {
    @Test
    void shouldReadEveryFloatingType(@TempDir Path directory) throws IOException {
        // Given
        Path half = file(
                directory,
                "{'w':{'dtype':'F16','shape':[2],'data_offsets':[0,4]}}",
                bytes(4).putShort((short) 0x3C00).putShort((short) 0xC000));
        Path brain = file(
                directory,
                "{'w':{'dtype':'BF16','shape':[2],'data_offsets':[0,4]}}",
                bytes(4).putShort((short) 0x3F80).putShort((short) 0xC000));
        Path single = file(
                directory,
                "{'__metadata__':{'format':'pt'},'w':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}}",
                bytes(8).putFloat(1).putFloat(-2));
        Path twice = file(
                directory,
                "{'w':{'dtype':'F64','shape':[2],'data_offsets':[0,16]}}",
                bytes(16).putDouble(1).putDouble(-2));

        // When, Then
        assertThat(TensorValues.of(half, "w")).containsExactly(1, -2);
        assertThat(TensorValues.of(brain, "w")).containsExactly(1, -2);
        assertThat(TensorValues.of(single, "w")).containsExactly(1, -2);
        assertThat(TensorValues.of(twice, "w")).containsExactly(1, -2);
    }

    @Test
    void shouldRefuseAHeaderLargerThanTheFile(@TempDir Path directory) throws IOException {
        // Given
        Path file = file(directory, "{'w':{}}", bytes(0));
        byte[] content = Files.readAllBytes(file);
        content[3] = 1;
        Files.write(file, content);

        // When, Then
        refused(file, Reason.MALFORMED_FILE, "claims a header of");
    }

    @Test
    void shouldRefuseTensorsThatOverlapOrLeaveGaps(@TempDir Path directory) throws IOException {
        refused(
                file(
                        directory,
                        "{'w':{'dtype':'F32','shape':[1],'data_offsets':[0,4]},"
                                + "'v':{'dtype':'F32','shape':[1],'data_offsets':[2,6]}}",
                        bytes(8)),
                Reason.MALFORMED_FILE,
                "tensor 'v'",
                "overlap or gap");
        refused(
                file(
                        directory,
                        "{'w':{'dtype':'F32','shape':[1],'data_offsets':[0,4]},"
                                + "'v':{'dtype':'F32','shape':[1],'data_offsets':[8,12]}}",
                        bytes(12)),
                Reason.MALFORMED_FILE,
                "tensor 'v'",
                "overlap or gap");
        refused(
                file(directory, "{'w':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}}", bytes(8)),
                Reason.MALFORMED_FILE,
                "4 bytes after its last tensor");
    }

    @Test
    void shouldRefuseATruncatedFile(@TempDir Path directory) throws IOException {
        refused(
                file(directory, "{'w':{'dtype':'F32','shape':[4],'data_offsets':[0,16]}}", bytes(12)),
                Reason.MALFORMED_FILE,
                "tensor 'w'",
                "the file is truncated");
    }

    @Test
    void shouldRefuseAShapeThatDoesNotFillItsBytes(@TempDir Path directory) throws IOException {
        refused(
                file(directory, "{'w':{'dtype':'F32','shape':[1],'data_offsets':[0,8]}}", bytes(8)),
                Reason.MALFORMED_FILE,
                "tensor 'w'",
                "lies in 8 bytes");
        refused(
                file(
                        directory,
                        "{'w':{'dtype':'F32','shape':[4294967296,4294967296,4294967296],'data_offsets':[0,8]}}",
                        bytes(8)),
                Reason.MALFORMED_FILE,
                "tensor 'w'",
                "absurd shape");
    }

    @Test
    void shouldRefuseBrokenEntries(@TempDir Path directory) throws IOException {
        refused(file(directory, "{'w':{'dtype':'F32','shape':[1]}}", bytes(4)), Reason.MALFORMED_FILE, "'w'");
        refused(
                file(directory, "{'w':{'dtype':'F32','shape':[-1],'data_offsets':[0,4]}}", bytes(4)),
                Reason.MALFORMED_FILE,
                "'w'");
        refused(
                file(directory, "{'w':{'dtype':'F8_E4M3','shape':[4],'data_offsets':[0,4]}}", bytes(4)),
                Reason.MALFORMED_FILE,
                "unknown type 'F8_E4M3'");
        refused(
                file(
                        directory,
                        "{'w':{'dtype':'F32','shape':[1],'data_offsets':[0,4]},"
                                + "'w':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}}",
                        bytes(4)),
                Reason.MALFORMED_FILE,
                "Duplicate");
    }

    @Test
    void shouldReadShardsByTheirIndex(@TempDir Path directory) throws IOException {
        // Given
        Files.move(
                file(directory, "{'v':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}}", bytes(4).putFloat(3)),
                directory.resolve("one.safetensors"));
        Files.move(
                file(directory, "{'w':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}}", bytes(4).putFloat(5)),
                directory.resolve("two.safetensors"));
        Path index = Files.writeString(
                directory.resolve("model.safetensors.index.json"),
                "{\"weight_map\":{\"v\":\"one.safetensors\",\"w\":\"two.safetensors\"}}");

        // When
        float[] values = TensorValues.of(index, "w");

        // Then
        assertThat(values).containsExactly(5);
    }

    @Test
    void shouldRefuseAShardOutsideItsFolderOrWithoutItsTensor(@TempDir Path directory) throws IOException {
        // Given
        Files.move(
                file(directory, "{'v':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}}", bytes(4)),
                directory.resolve("one.safetensors"));

        // When, Then
        refused(index(directory, "../one.safetensors"), Reason.MALFORMED_FILE, "../one.safetensors");
        refused(index(directory, "one.safetensors"), Reason.MISSING_TENSOR, "tensor 'w' is not in one.safetensors");
    }

    private static Path index(Path directory, String shard) throws IOException {
        return Files.writeString(directory.resolve("index.json"), "{\"weight_map\":{\"w\":\"" + shard + "\"}}");
    }

    private static ByteBuffer bytes(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static Path file(Path directory, String header, ByteBuffer data) throws IOException {
        byte[] json = header.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        ByteBuffer file = bytes(Long.BYTES + json.length + data.capacity());
        file.putLong(json.length).put(json).put(data.array());
        return Files.write(Files.createTempFile(directory, "test", ".safetensors"), file.array());
    }
}
