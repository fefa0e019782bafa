package dev.tessera.benchmarks;

import java.nio.file.Path;

/** PyTorch's side of the decode loop: {@code benchmarks/pytorch/decode.py}. */
record ReferenceLoop(Path python, Path scripts, Path checkpoint) {

    /**
     * Row-tokens a second; the cost of a step does not depend on the position.
     *
     * @param fused whether with PyTorch's fused attention, which the published loop switches off
     */
    double rowTokensPerSecond(int rows, int steps, boolean fused) {
        return new ReferenceScript(python, scripts.resolve("decode.py"))
                .run(
                        checkpoint.toString(),
                        Integer.toString(rows),
                        Integer.toString(steps),
                        "1",
                        fused ? "fused" : "published")
                .get("row_tokens_per_second")
                .asDouble();
    }
}
