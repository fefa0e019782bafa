package dev.tessera.inference.bundle;

import dev.tessera.inference.bundle.BundleException.Reason;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/** The models of this process by name. Immutable. */
public final class ModelCatalog {
    private final SortedMap<String, ModelBundle> bundles;

    private ModelCatalog(SortedMap<String, ModelBundle> bundles) {
        this.bundles = Collections.unmodifiableSortedMap(bundles);
    }

    /**
     * Opens and verifies every bundle.
     *
     * @throws BundleException when one cannot be used, two have one name, or there is none
     */
    public static ModelCatalog open(List<Path> directories) {
        return new ModelCatalog(index(directories, ModelBundle::open, ModelBundle::name));
    }

    /** The manifests alone, by model name, without a look at the weights. */
    public static SortedMap<String, ManifestFile> readManifests(List<Path> directories) {
        return index(directories, ManifestFile::read, file -> file.manifest().name());
    }

    public Set<String> names() {
        return bundles.keySet();
    }

    public Collection<ModelBundle> bundles() {
        return bundles.values();
    }

    /** @throws BundleException when there is no model of that name */
    public ModelBundle bundle(String name) {
        ModelBundle bundle = bundles.get(name);
        if (bundle == null) {
            throw new BundleException(Reason.UNKNOWN_MODEL, "no model '" + name + "'; there are: " + bundles.keySet());
        }
        return bundle;
    }

    private static <T> SortedMap<String, T> index(
            List<Path> directories, Function<Path, T> open, Function<T, String> name) {
        if (directories.isEmpty()) {
            throw new BundleException(Reason.UNKNOWN_MODEL, "no model bundles: tessera.models.directories is empty");
        }
        SortedMap<String, T> byName = new TreeMap<>();
        for (Path directory : directories) {
            T opened = open.apply(directory);
            if (byName.putIfAbsent(name.apply(opened), opened) != null) {
                throw new BundleException(
                        Reason.DUPLICATE_MODEL,
                        directory + " is a second bundle of the model '" + name.apply(opened) + "'");
            }
        }
        return byName;
    }
}
