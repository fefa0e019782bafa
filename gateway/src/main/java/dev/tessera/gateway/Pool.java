package dev.tessera.gateway;

import dev.tessera.pipeline.Stage;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Workers of one stage for some models, which grow and shrink together.
 *
 * @param target how much work one of them should have before it: engine time
 */
public record Pool(String name, Stage stage, Set<String> models, Duration target) {
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9.-]{0,99}");
    static final Set<Stage> STAGES = Collections.unmodifiableSet(
            new LinkedHashSet<>(List.of(Stage.TOKENIZER, Stage.GENERATOR, Stage.SUPERRES, Stage.DECODER)));

    public Pool {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "a pool is named '" + name + "': give up to 100 of a to z, 0 to 9, dots and dashes");
        }
        if (!STAGES.contains(stage)) {
            throw new IllegalArgumentException("the pool " + name + " is of the stage " + stage.key()
                    + ", which has no workers; give tokenizer, generator, superres or decoder");
        }
        if (models.isEmpty()) {
            throw new IllegalArgumentException("the pool " + name + " has no models");
        }
        if (!target.isPositive()) {
            throw new IllegalArgumentException(
                    "the pool " + name + " has a target of " + target + "; give more than 0");
        }
        models = Collections.unmodifiableSet(new TreeSet<>(models));
    }

    boolean serves(Stage wanted, String model) {
        return stage == wanted && models.contains(model);
    }

    public double targetSeconds() {
        return target.toNanos() / 1e9;
    }
}
