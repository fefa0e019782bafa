package dev.tessera.inference.onnx;

import static dev.tessera.inference.onnx.Dimension.fixed;
import static dev.tessera.inference.onnx.Dimension.free;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** The tiny graphs under {@code src/test/resources/onnx}; {@code make_graphs.py} there says what they compute. */
final class TestGraphs {
    static final GraphSignature SCALED = new GraphSignature(
            List.of(Port.float32("values", free("B"), fixed(2)), Port.float32("factor", fixed(1))),
            List.of(Port.float32("scaled", free("B"), fixed(2)), Port.int64("rows", fixed(2))));

    static final GraphSignature ATTENTION = new GraphSignature(
            List.of(
                    Port.float32("qkv", free("B"), free("S"), fixed(24)),
                    Port.int32("seqlens_k", free("B")),
                    Port.int32("total_length", fixed(1)),
                    Port.float32("past_key", free("B"), fixed(1), free("slots"), fixed(8)),
                    Port.float32("past_value", free("B"), fixed(1), free("slots"), fixed(8))),
            List.of(
                    Port.float32("attended", free("B"), free("S"), fixed(8)),
                    Port.float32("present_key", free("B"), fixed(1), free("slots"), fixed(8)),
                    Port.float32("present_value", free("B"), fixed(1), free("slots"), fixed(8))));

    private TestGraphs() {}

    static Path file(String name) {
        try {
            return Path.of(Objects.requireNonNull(TestGraphs.class.getResource("/onnx/" + name))
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
