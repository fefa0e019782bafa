package dev.tessera.gateway;

import dev.tessera.pipeline.Stage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The pools, by name. Immutable. */
public final class Pools {
    private final SortedMap<String, Pool> byName;

    public Pools(Collection<Pool> pools) {
        TreeMap<String, Pool> index = new TreeMap<>();
        pools.forEach(pool -> index.put(pool.name(), pool));
        byName = Collections.unmodifiableSortedMap(index);
    }

    /**
     * The pools of the settings; where there are none, one for each model and stage.
     *
     * @throws IllegalArgumentException when a setting cannot be used; the message says which and what would be right
     */
    static Pools of(Map<String, GatewayConfig.Pool> settings, Duration target, Models models) {
        if (settings.isEmpty()) {
            return new Pools(preset(models, target));
        }
        List<Pool> pools = new ArrayList<>();
        settings.forEach((name, pool) -> pools.add(configured(name, pool, models, target)));
        return new Pools(pools);
    }

    public Collection<Pool> all() {
        return byName.values();
    }

    public Set<String> names() {
        return byName.keySet();
    }

    public Optional<Pool> named(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** How many pools there are that could do this work: each is asked for its share of it. */
    int sharing(Stage stage, String model) {
        return (int) byName.values().stream()
                .filter(pool -> pool.serves(stage, model))
                .count();
    }

    private static List<Pool> preset(Models models, Duration target) {
        List<Pool> pools = new ArrayList<>();
        for (Model model : models.all()) {
            for (Stage stage : Pool.STAGES) {
                if (model.manifest().stages().contains(stage.key())) {
                    pools.add(new Pool(stage.key() + "-" + model.name(), stage, Set.of(model.name()), target));
                }
            }
        }
        return pools;
    }

    private static Pool configured(String name, GatewayConfig.Pool pool, Models models, Duration target) {
        Stage stage = stage(name, pool.stage());
        for (String model : pool.models()) {
            Model known = models.named(model)
                    .orElseThrow(() -> new IllegalArgumentException(
                            "the pool " + name + " names the model " + model + ", which is none of " + models.names()));
            if (!known.manifest().stages().contains(stage.key())) {
                throw new IllegalArgumentException(
                        "the pool " + name + " is of the stage " + stage.key() + ", which " + model + " has not");
            }
        }
        return new Pool(name, stage, Set.copyOf(pool.models()), pool.target().orElse(target));
    }

    private static Stage stage(String pool, String key) {
        return Arrays.stream(Stage.values())
                .filter(stage -> stage.key().equals(key))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("the pool " + pool + " is of the stage " + key
                        + "; give one of "
                        + Pool.STAGES.stream().map(Stage::key).collect(Collectors.joining(", "))));
    }
}
