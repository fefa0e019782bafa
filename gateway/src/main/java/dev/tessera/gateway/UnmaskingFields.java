package dev.tessera.gateway;

import dev.tessera.inference.bundle.UnmaskingDefaults;
import dev.tessera.inference.bundle.UnmaskingSchedule;
import dev.tessera.v1.Unmasking;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The fields in which a request says how a masked model unmasks. */
final class UnmaskingFields {
    private static final List<String> NAMES = List.of("steps", "schedule");

    private UnmaskingFields() {}

    /** With the model's own where the request has none; nothing set for the other families. */
    static Unmasking read(RequestFields fields, Optional<Model> model, Task task) {
        Optional<UnmaskingDefaults> defaults = model.flatMap(known -> known.unmasking(task));
        if (model.isPresent() && defaults.isEmpty()) {
            NAMES.stream().filter(fields::has).forEach(name -> refuse(fields, name, model.get()));
            return Unmasking.getDefaultInstance();
        }
        int steps = (int) fields.integer("steps", 1, UnmaskingDefaults.MAX_STEPS)
                .orElse(defaults.map(UnmaskingDefaults::steps).orElse(1));
        UnmaskingSchedule preset = defaults.map(UnmaskingDefaults::schedule).orElse(UnmaskingSchedule.COSINE);
        return Unmasking.newBuilder()
                .setSteps(steps)
                .setSchedule(ofMessage(schedule(fields).orElse(preset)))
                .build();
    }

    /** As requests and answers have it. */
    static String name(UnmaskingSchedule schedule) {
        return schedule.name().toLowerCase(Locale.ROOT);
    }

    /** As requests and answers have it. */
    static String name(Unmasking.Schedule schedule) {
        return schedule.name().toLowerCase(Locale.ROOT);
    }

    private static void refuse(RequestFields fields, String name, Model model) {
        fields.error(
                name, "is not a field of " + model.name() + "; leave it out. Fields are " + model.fields(Task.DRAW));
    }

    private static Optional<UnmaskingSchedule> schedule(RequestFields fields) {
        Optional<String> name = fields.text("schedule");
        Optional<UnmaskingSchedule> schedule = name.flatMap(UnmaskingFields::named);
        if (name.isPresent() && schedule.isEmpty()) {
            fields.error("schedule", "is not known; give one of " + names());
        }
        return schedule;
    }

    private static Optional<UnmaskingSchedule> named(String name) {
        return List.of(UnmaskingSchedule.values()).stream()
                .filter(schedule -> name(schedule).equals(name))
                .findFirst();
    }

    private static List<String> names() {
        return List.of(UnmaskingSchedule.values()).stream()
                .map(UnmaskingFields::name)
                .toList();
    }

    private static Unmasking.Schedule ofMessage(UnmaskingSchedule schedule) {
        return switch (schedule) {
            case COSINE -> Unmasking.Schedule.COSINE;
            case LINEAR -> Unmasking.Schedule.LINEAR;
        };
    }
}
