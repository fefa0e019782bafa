package dev.tessera.cli.stack;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Unpacks the native libraries of ONNX Runtime once per home. Left to itself it unpacks 28 MB at every start, and leaves
 * them behind when it is killed.
 */
public final class NativeLibraries {
    /** System property under which ONNX Runtime looks for a directory with its libraries. */
    public static final String PROPERTY = "onnxruntime.native.path";

    private NativeLibraries() {}

    /** Lets this process load them from the cache too. Without effect when they are not on its class path. */
    public static void unpackForThisProcess(Path cache) {
        if (System.getProperty(PROPERTY) == null) {
            unpack(ownClassPath(), cache).ifPresent(directory -> System.setProperty(PROPERTY, directory.toString()));
        }
    }

    /** The jars of this process, also those that are named in the manifest of the jar it was started from. */
    private static List<Path> ownClassPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of)
                .flatMap(entry -> Stream.concat(Stream.of(entry), siblings(entry)))
                .filter(Files::isRegularFile)
                .toList();
    }

    private static Stream<Path> siblings(Path jar) {
        Path library = jar.toAbsolutePath().resolveSibling("lib");
        if (!Files.isDirectory(library)) {
            return Stream.empty();
        }
        try (Stream<Path> jars = Files.list(library)) {
            return jars.toList().stream();
        } catch (IOException e) {
            return Stream.empty();
        }
    }

    /** The directory with the libraries of this machine's kind, if the class path has them. */
    static Optional<Path> unpack(List<Path> classPath, Path cache) {
        return classPath.stream()
                .filter(jar -> jar.getFileName().toString().matches("(.*\\.)?onnxruntime-\\d.*\\.jar"))
                .findFirst()
                .flatMap(jar -> unpack(jar, cache));
    }

    private static Optional<Path> unpack(Path jar, Path cache) {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            List<? extends ZipEntry> libraries = zip.stream()
                    .filter(entry ->
                            entry.getName().matches("ai/onnxruntime/native/" + platform() + "/[^/]+\\.(so|dylib)"))
                    .toList();
            if (libraries.isEmpty()) {
                return Optional.empty();
            }
            String version = jar.getFileName().toString().replaceFirst("\\.jar$", "") + "-" + Files.size(jar);
            Path directory = Files.createDirectories(cache.resolve("native").resolve(version));
            for (ZipEntry library : libraries) {
                unpack(zip, library, directory);
            }
            return Optional.of(directory);
        } catch (IOException e) {
            throw new StackException(StackException.Reason.IO, "cannot unpack " + jar + ": " + e, e);
        }
    }

    private static void unpack(ZipFile zip, ZipEntry library, Path directory) throws IOException {
        String name = library.getName().substring(library.getName().lastIndexOf('/') + 1);
        Path target = directory.resolve(name);
        if (Files.exists(target) && Files.size(target) == library.getSize()) {
            return;
        }
        Path unfinished = Files.createTempFile(directory, name, ".new");
        Files.copy(zip.getInputStream(library), unfinished, StandardCopyOption.REPLACE_EXISTING);
        Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
    }

    /** As ONNX Runtime names its directories: {@code linux-x64}, {@code osx-aarch64} and so on. */
    private static String platform() {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("mac") ? "osx" : "linux";
        String machine = System.getProperty("os.arch");
        return system + "-" + (machine.equals("amd64") || machine.equals("x86_64") ? "x64" : machine);
    }
}
