package dev.tessera.gateway;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** The models that requests may name, and the one that is meant by a request that names none. Immutable. */
public final class Models {
    private final SortedMap<String, Model> byName;
    private final Optional<String> configured;

    /**
     * @param configured the default model; without it a single model is the default
     * @throws IllegalArgumentException when the configured default is none of the models
     */
    public Models(List<Model> models, Optional<String> configured) {
        TreeMap<String, Model> index = new TreeMap<>();
        models.forEach(model -> index.put(model.name(), model));
        byName = Collections.unmodifiableSortedMap(index);
        this.configured = configured;
        configured.filter(name -> !byName.containsKey(name)).ifPresent(name -> {
            throw new IllegalArgumentException(
                    "tessera.gateway.default-model is " + name + ", which is none of " + byName.keySet());
        });
    }

    public Optional<Model> named(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    public Optional<Model> preset() {
        if (configured.isPresent()) {
            return configured.flatMap(this::named);
        }
        return byName.size() == 1 ? Optional.of(byName.sequencedValues().getFirst()) : Optional.empty();
    }

    public Set<String> names() {
        return byName.keySet();
    }

    public Collection<Model> all() {
        return byName.values();
    }
}
