package dev.tessera.generation;

import dev.tessera.inference.bundle.UnmaskingDefaults;
import dev.tessera.inference.bundle.UnmaskingSchedule;

/** In how many steps, and how, a masked model is to unmask an image. Other families have steps of their own. */
public sealed interface Steps {
    /** As many as the model proposes. */
    record ModelsOwn() implements Steps {}

    record Chosen(int count, UnmaskingSchedule schedule) implements Steps {
        public Chosen {
            if (count < 1 || count > UnmaskingDefaults.MAX_STEPS) {
                throw new IllegalArgumentException(
                        "steps must be 1 to " + UnmaskingDefaults.MAX_STEPS + ", not " + count);
            }
        }
    }
}
