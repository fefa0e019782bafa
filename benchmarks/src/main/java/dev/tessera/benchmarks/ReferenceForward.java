package dev.tessera.benchmarks;

import java.nio.file.Path;

/** PyTorch's forward of a masked model or of super-resolution: {@code masked.py} and {@code muse.py}. */
record ReferenceForward(Path python, Path script, Path checkpoint) {

    /** The median of some repetitions. */
    double seconds(int rows, int repetitions) {
        return Median.of(new ReferenceScript(python, script)
                .run("time", checkpoint.toString(), Integer.toString(rows), Integer.toString(repetitions))
                .get("seconds"));
    }
}
