package dev.tessera.inference.bundle;

import dev.tessera.inference.bundle.BundleException.Reason;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/** The models of a process. Folders that are to have a bundle of the bucket's are filled first. */
public final class ModelCatalog {
    private final List<Path> directories;
    private final List<Path> previous;
    private final Map<Path, BundleFetch> fetched;

    /** @throws IllegalArgumentException when a bundle of the bucket's has no folder, or not one of its own */
    public ModelCatalog(ModelsConfig models, BundleSource bucket) {
        this(models, bucket, new Patience(models.bucketPatience()));
    }

    ModelCatalog(ModelsConfig models, BundleSource bucket, Patience patience) {
        directories = models.directories();
        previous = models.previous().orElse(List.of());
        fetched = new HashMap<>();
        models.bucket().forEach((key, bundle) -> {
            var origin = new BundleOrigin(bundle.prefix(), bundle.digest());
            Path directory = requireListed(key, bundle.directory());
            if (fetched.put(directory, new BundleFetch(directory, origin, bucket, patience)) != null) {
                throw new IllegalArgumentException("tessera.models.bucket has two bundles for the folder " + directory);
            }
        });
    }

    /**
     * Opens and verifies every bundle: one of each name, then those of {@link ModelsConfig#previous}.
     *
     * @throws BundleException when one cannot be fetched or used, two of today's have one name, two are the same, or there is
     *     none
     */
    public List<ModelBundle> open() {
        Collection<ModelBundle> current = index(this::opened, ModelBundle::name).values();
        List<ModelBundle> all = new ArrayList<>(current);
        previous.forEach(directory -> all.add(opened(directory)));
        requireDifferent(all);
        return List.copyOf(all);
    }

    /** The manifests alone, by model name, without a look at the weights or at previous bundles. */
    public SortedMap<String, ManifestFile> readManifests() {
        return index(this::read, file -> file.manifest().name());
    }

    private ModelBundle opened(Path directory) {
        return Optional.ofNullable(fetched.get(directory))
                .map(BundleFetch::bundle)
                .orElseGet(() -> ModelBundle.open(directory));
    }

    private ManifestFile read(Path directory) {
        Optional.ofNullable(fetched.get(directory)).ifPresent(BundleFetch::manifest);
        return ManifestFile.read(directory);
    }

    private Path requireListed(String key, Path directory) {
        if (!directories.contains(directory) && !previous.contains(directory)) {
            throw new IllegalArgumentException("tessera.models.bucket." + key + ".directory is " + directory
                    + ", which neither tessera.models.directories nor tessera.models.previous names");
        }
        return directory;
    }

    private static void requireDifferent(List<ModelBundle> bundles) {
        Map<String, ModelBundle> byDigest = new HashMap<>();
        for (ModelBundle bundle : bundles) {
            ModelBundle same = byDigest.putIfAbsent(bundle.digest(), bundle);
            if (same != null) {
                throw new BundleException(
                        Reason.DUPLICATE_MODEL,
                        bundle.directory() + " is the same bundle as " + same.directory()
                                + ": remove it from tessera.models.previous");
            }
        }
    }

    private <T> SortedMap<String, T> index(Function<Path, T> open, Function<T, String> name) {
        if (directories.isEmpty()) {
            throw new BundleException(Reason.UNKNOWN_MODEL, "no model bundles: tessera.models.directories is empty");
        }
        SortedMap<String, T> byName = new TreeMap<>();
        for (Path directory : directories) {
            T opened = open.apply(directory);
            if (byName.putIfAbsent(name.apply(opened), opened) != null) {
                throw new BundleException(
                        Reason.DUPLICATE_MODEL,
                        directory + " is a second bundle of the model '" + name.apply(opened)
                                + "'; earlier weights go into tessera.models.previous");
            }
        }
        return byName;
    }
}
