package dev.tessera.cli.stack;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.tessera.inference.bundle.BundleException;
import dev.tessera.inference.bundle.ModelBundle;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The child JVMs of a local stack, in the order in which they start. */
public enum StackService {
    BROKER("broker"),
    OBJECT_STORE("object-store"),
    GATEWAY("gateway"),
    TOKENIZER("tokenizer"),
    GENERATOR("generator"),
    SUPERRES("superres"),
    DECODER("decoder");

    private final String key;

    StackService(String key) {
        this.key = key;
    }

    /** The service's name in commands, files and the state file. */
    @JsonValue
    public String key() {
        return key;
    }

    /** Those that a stack with these models needs: super-resolution is a stage that few models have. */
    static Set<StackService> needed(List<Path> models) {
        Set<StackService> needed = EnumSet.allOf(StackService.class);
        if (models.stream().noneMatch(StackService::isUpscaled)) {
            needed.remove(SUPERRES);
        }
        return needed;
    }

    /** A bundle that cannot be read is refused by the services, which say why. */
    private static boolean isUpscaled(Path bundle) {
        try {
            return ModelBundle.readManifest(bundle).manifest().superres().isPresent();
        } catch (BundleException e) {
            return false;
        }
    }

    /** True for what the services need before they can start. */
    boolean isServer() {
        return this == BROKER || this == OBJECT_STORE;
    }

    /** The one with this key, if there is one. */
    public static Optional<StackService> of(String key) {
        return Arrays.stream(values())
                .filter(service -> service.key.equals(key))
                .findFirst();
    }

    /** All keys, in order. */
    public static List<String> keys() {
        return Arrays.stream(values()).map(StackService::key).toList();
    }

    @JsonCreator
    static StackService parse(String key) {
        return of(key).orElseThrow(() -> new IllegalArgumentException("no service is called " + key));
    }
}
