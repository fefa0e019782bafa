package dev.tessera.cli.stack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** The built repository: where each child's class path is. */
record Installation(Path root) {

    /** Main class and class path of a child. */
    record Program(String mainClass, List<Path> classPath) {
        Program {
            classPath = List.copyOf(classPath);
        }
    }

    Program program(StackService service) {
        return switch (service) {
            case BROKER -> broker("kafka.Kafka");
            case OBJECT_STORE ->
                new Program(
                        "org.gaul.s3proxy.Main",
                        List.of(existing(root.resolve("local-servers/target/object-store/s3proxy.jar"))));
            case GATEWAY -> application("gateway");
            case TOKENIZER, GENERATOR, SUPERRES, DECODER -> application(service.key() + "-service");
        };
    }

    /** One of the broker's own commands. */
    Program broker(String mainClass) {
        Path directory = root.resolve("local-servers/target/broker");
        Path list = existing(directory.resolve("classpath"));
        try {
            List<Path> jars = Arrays.stream(Files.readString(list).strip().split(":"))
                    .map(name -> directory.resolve(name).normalize())
                    .toList();
            return new Program(mainClass, jars);
        } catch (IOException e) {
            throw new StackException(StackException.Reason.IO, "cannot read " + list + ": " + e, e);
        }
    }

    /**
     * A Quarkus application as one flat class path: started by its own launcher it would load its classes where an AOT
     * cache cannot keep them, and take twice as long.
     */
    private Program application(String module) {
        Path app = root.resolve(module).resolve("target/quarkus-app");
        existing(app.resolve("quarkus-run.jar"));
        List<Path> jars = new ArrayList<>();
        // What Quarkus rewrote comes before the original.
        jars.addAll(jars(app.resolve("quarkus")).reversed());
        jars.addAll(jars(app.resolve("app")));
        jars.addAll(jars(app.resolve("lib/boot")));
        jars.addAll(jars(app.resolve("lib/main")));
        return new Program("io.quarkus.runner.GeneratedMain", jars);
    }

    private static List<Path> jars(Path directory) {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new StackException(StackException.Reason.IO, "cannot read " + directory + ": " + e, e);
        }
    }

    private static Path existing(Path file) {
        if (!Files.exists(file)) {
            throw new StackException(
                    StackException.Reason.NOT_BUILT,
                    file + " is missing: build first, for example with ./tessera --version");
        }
        return file;
    }
}
