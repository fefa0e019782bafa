package dev.tessera.inference.onnx;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a processor can do.
 *
 * @param architecture as Java calls it
 * @param features as Linux calls them; empty where nobody says
 */
record Processor(String architecture, Set<String> features) {
    static final Processor THIS = here();

    private static final Set<String> X64 = Set.of("amd64", "x86_64");

    /** Instructions that sum products of bytes in 32 bits. */
    private static final Set<String> VNNI = Set.of("avx512_vnni", "avx_vnni");

    Processor {
        features = Set.copyOf(features);
    }

    /**
     * Whether its fast products of unsigned and signed bytes are exact: without VNNI, those of x64 add pairs in 16 bits, which the
     * largest do not fit.
     */
    boolean sumsBytesExactly() {
        return !isX64() || features.stream().anyMatch(VNNI::contains);
    }

    boolean isX64() {
        return X64.contains(architecture);
    }

    private static Processor here() {
        return of(System.getProperty("os.arch", "").toLowerCase(Locale.ROOT), Path.of("/proc/cpuinfo"));
    }

    /** @param description as Linux gives it, a line for each feature of each core; it may be missing */
    static Processor of(String architecture, Path description) {
        try (var lines = Files.lines(description)) {
            return lines.filter(line -> line.startsWith("flags"))
                    .findFirst()
                    .map(line -> new Processor(architecture, words(line)))
                    .orElseGet(() -> new Processor(architecture, Set.of()));
        } catch (IOException e) {
            return new Processor(architecture, Set.of());
        }
    }

    private static Set<String> words(String line) {
        return Pattern.compile("\\s+")
                .splitAsStream(line.substring(line.indexOf(':') + 1).strip())
                .collect(Collectors.toUnmodifiableSet());
    }
}
