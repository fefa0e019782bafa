package dev.tessera.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.stream.IntStream;

/** PyTorch's forward of a masked model or of super-resolution: {@code masked.py} and {@code muse.py}. */
record ReferenceForward(Path python, Path script, Path checkpoint) {

    /** The median of some repetitions. */
    double seconds(int rows, int repetitions) {
        JsonNode seconds = new ReferenceScript(python, script)
                .run("time", checkpoint.toString(), Integer.toString(rows), Integer.toString(repetitions))
                .get("seconds");
        return Median.of(IntStream.range(0, seconds.size())
                .mapToDouble(i -> seconds.get(i).asDouble())
                .toArray());
    }
}
