package dev.tessera.gateway;

import dev.tessera.gateway.RequestFields.Range;
import dev.tessera.inference.bundle.ClassConditioning;
import dev.tessera.inference.bundle.Conditioning;
import dev.tessera.inference.bundle.Defaults;
import dev.tessera.inference.bundle.ImageSize;
import dev.tessera.inference.bundle.MapConditioning;
import dev.tessera.inference.bundle.NoConditioning;
import dev.tessera.inference.bundle.TextConditioning;
import dev.tessera.v1.Sampling;
import dev.tessera.v1.Unmasking;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the body of a request for a job, strictly: it finds all mistakes, and names field and fix of each. */
public final class JobRequestParser {
    /** What a double holds exactly, so that JavaScript clients keep the seed they read. */
    static final long MAX_SEED = (1L << 53) - 1;

    /** Width and height in pixels, up to five digits each. */
    private static final Pattern SIZE = Pattern.compile("([1-9][0-9]{0,4})x([1-9][0-9]{0,4})");

    private static final Set<String> FIELDS = Collections.unmodifiableSet(new LinkedHashSet<>(List.of(
            "model",
            "prompt",
            "class",
            "negative_prompt",
            "condition",
            "image",
            "mask",
            "from",
            "strength",
            "resample",
            "upscale",
            "n",
            "size",
            "seed",
            "guidance_scale",
            "temperature",
            "top_k",
            "top_p",
            "more_smooth",
            "steps",
            "schedule")));

    private final Models models;
    private final int maxImages;
    private final PromptRules promptRules;
    private final EditFields edits;
    private final MapFields maps;

    public JobRequestParser(Models models, int maxImages, int maxPromptCharacters, EditFields edits) {
        this.models = models;
        this.maxImages = maxImages;
        this.edits = edits;
        maps = new MapFields(edits.pictures());
        promptRules = new PromptRules(maxPromptCharacters);
    }

    /**
     * @param tenant whose stored images the request may begin with
     * @param body UTF-8
     * @param randomSeed the seed of a request that has none
     * @throws GatewayException with an error for each field that is wrong
     */
    public JobRequest parse(Tenant tenant, byte[] body, LongSupplier randomSeed) {
        RequestFields fields = new RequestFields(StrictJson.read(body));
        Optional<Model> model = model(fields);
        Task task = task(fields, model);
        fields.refuseUnknown(FIELDS, model.map(known -> known.fields(task)).orElse(FIELDS));
        Optional<ImageSize> size = model.map(known -> size(fields, known));
        JobRequest.Condition condition = condition(fields, model, task, size);
        String negativePrompt = negativePrompt(fields, model);
        int images = (int) fields.integer("n", 1, maxImages).orElse(1);
        long seed = fields.integer("seed", 0, MAX_SEED).orElseGet(randomSeed);
        Sampling sampling = sampling(fields, model, task);
        Unmasking unmasking = UnmaskingFields.read(fields, model, task);
        EditRequest edit = model.flatMap(known -> size.map(pixels -> edit(fields, tenant, known, pixels, task)))
                .orElse(new EditRequest.None());
        fields.refuseErrors();
        return new JobRequest(
                model.orElseThrow(),
                condition,
                negativePrompt,
                images,
                size.orElseThrow(),
                seed,
                sampling,
                unmasking,
                task,
                edit);
    }

    private static Task task(RequestFields fields, Optional<Model> model) {
        boolean upscale = fields.truth("upscale");
        if (upscale && model.isPresent() && !model.get().upscales()) {
            fields.error(
                    "upscale",
                    "is not for " + model.get().name() + ", which has no super-resolution for pictures; leave it out");
            return Task.DRAW;
        }
        if (upscale) {
            return Task.UPSCALE;
        }
        return resampled(fields, model) ? Task.RESAMPLE : Task.DRAW;
    }

    private static boolean resampled(RequestFields fields, Optional<Model> model) {
        if (!fields.has("resample") || model.isEmpty()) {
            return false;
        }
        if (!model.get().resamples()) {
            refuse(fields, "resample", model);
            return false;
        }
        for (String name : List.of("mask", "strength", "temperature", "schedule")) {
            if (fields.has(name)) {
                fields.error(
                        name,
                        "is not for a request with resample; leave it out. Fields are "
                                + model.get().fields(Task.RESAMPLE));
            }
        }
        return true;
    }

    private EditRequest edit(RequestFields fields, Tenant tenant, Model model, ImageSize size, Task task) {
        return switch (task) {
            case DRAW, RESAMPLE -> edits.read(fields, tenant, model, size);
            case UPSCALE -> edits.readBase(fields, tenant, model);
        };
    }

    private Optional<Model> model(RequestFields fields) {
        if (!fields.has("model")) {
            Optional<Model> preset = models.preset();
            if (preset.isEmpty()) {
                fields.error("model", "is missing; give one of " + models.names());
            }
            return preset;
        }
        Optional<String> name = fields.text("model");
        Optional<Model> model = name.flatMap(models::named);
        if (name.isPresent() && model.isEmpty()) {
            fields.error("model", "is not a model of this service; give one of " + models.names());
        }
        return model;
    }

    private JobRequest.Condition condition(
            RequestFields fields, Optional<Model> model, Task task, Optional<ImageSize> size) {
        return switch (conditioning(fields, model)) {
            case TextConditioning text -> prompt(fields, model, task);
            case ClassConditioning classes -> imageClass(fields, model, classes.classes() - 1);
            case NoConditioning none -> anything(fields, model);
            case MapConditioning map -> {
                List.of("prompt", "class").forEach(name -> refuse(fields, name, model));
                yield maps.read(fields, map, size);
            }
        };
    }

    /** Of no model: what the request seems to take it for. */
    private static Conditioning conditioning(RequestFields fields, Optional<Model> model) {
        return model.map(Model::conditioning)
                .orElseGet(() ->
                        fields.has("class") ? new ClassConditioning(Integer.MAX_VALUE) : new TextConditioning(1, 1));
    }

    private JobRequest.Condition prompt(RequestFields fields, Optional<Model> model, Task task) {
        if (fields.has("class")) {
            fields.error("class", "is not for a text model; give a prompt instead" + known(model));
        }
        if (!fields.has("prompt") && model.isPresent() && task != Task.UPSCALE) {
            fields.error("prompt", "is missing; say what the picture shows");
        }
        Optional<String> prompt = fields.text("prompt");
        prompt.flatMap(promptRules::violation).ifPresent(violation -> fields.error("prompt", violation));
        return new JobRequest.Prompt(prompt.orElse(""));
    }

    private static JobRequest.Condition imageClass(RequestFields fields, Optional<Model> model, int last) {
        if (fields.has("prompt")) {
            fields.error(
                    "prompt", "is not for a class model; give a class from 0 to " + last + " instead" + known(model));
        }
        if (!fields.has("class")
                && EditFields.areIn(fields)
                && model.map(Model::editsWithoutCondition).orElse(true)) {
            return new JobRequest.Unsaid();
        }
        if (!fields.has("class")) {
            fields.error("class", "is missing; give an integer from 0 to " + last);
        }
        return new JobRequest.ImageClass((int) fields.integer("class", 0, last).orElse(0));
    }

    private static JobRequest.Condition anything(RequestFields fields, Optional<Model> model) {
        List.of("prompt", "class").forEach(name -> refuse(fields, name, model));
        return new JobRequest.Anything();
    }

    private String negativePrompt(RequestFields fields, Optional<Model> model) {
        switch (conditioning(fields, model)) {
            case TextConditioning text -> {}
            case ClassConditioning classes when model.isEmpty() -> {}
            case ClassConditioning classes -> {
                if (fields.has("negative_prompt")) {
                    fields.error("negative_prompt", "is not for a class model; leave it out" + known(model));
                }
                return "";
            }
            case NoConditioning _, MapConditioning _ -> {
                refuse(fields, "negative_prompt", model);
                return "";
            }
        }
        String text = fields.text("negative_prompt").orElse("");
        if (!text.isEmpty()) {
            promptRules.violation(text).ifPresent(violation -> fields.error("negative_prompt", violation));
        }
        return text;
    }

    /** A field that the model does not know. */
    private static void refuse(RequestFields fields, String name, Optional<Model> model) {
        if (fields.has(name)) {
            fields.error(name, "is not for this model; leave it out" + known(model));
        }
    }

    /** What the model's requests may have, as the end of a message. */
    private static String known(Optional<Model> model) {
        return model.map(known -> ". Fields of " + known.name() + " are " + known.fields(Task.DRAW))
                .orElse("");
    }

    private static ImageSize size(RequestFields fields, Model model) {
        ImageSize preset = model.manifest().image();
        Optional<String> asked = fields.text("size").filter(size -> !size.equals("auto"));
        if (asked.isEmpty()) {
            return preset;
        }
        Optional<ImageSize> size = asked.flatMap(JobRequestParser::pixels)
                .filter(pixels -> model.manifest().gridOf(pixels).isPresent());
        if (size.isEmpty()) {
            fields.error("size", "is not a size of " + model.name() + "; give " + model.sizes() + ", or leave it out");
        }
        return size.orElse(preset);
    }

    private static Optional<ImageSize> pixels(String size) {
        Matcher sides = SIZE.matcher(size);
        return sides.matches()
                ? Optional.of(new ImageSize(Integer.parseInt(sides.group(1)), Integer.parseInt(sides.group(2))))
                : Optional.empty();
    }

    private static Sampling sampling(RequestFields fields, Optional<Model> model, Task task) {
        Defaults defaults = model.map(known -> known.defaults(task)).orElse(new Defaults(1, 1, 0, 1));
        int codes = model.map(known -> known.codes(task)).orElse(Integer.MAX_VALUE);
        int noGuidance = model.map(Model::noGuidance).orElse(1);
        model.filter(known -> !known.takesGuidance())
                .ifPresent(known -> refuse(fields, "guidance_scale", Optional.of(known)));
        return Sampling.newBuilder()
                .setGuidanceScale((float) fields.number("guidance_scale", Range.from(noGuidance, 100))
                        .orElse(defaults.guidanceScale()))
                .setTemperature(
                        (float) fields.number("temperature", Range.from(0, 10)).orElse(defaults.temperature()))
                .setTopK((int) fields.integer("top_k", 0, codes).orElse(defaults.topK()))
                .setTopP((float) fields.number("top_p", Range.above(0, 1)).orElse(defaults.topP()))
                .setMoreSmooth(moreSmooth(fields, model))
                .build();
    }

    private static boolean moreSmooth(RequestFields fields, Optional<Model> model) {
        if (model.isPresent() && !model.get().blendsCodes()) {
            refuse(fields, "more_smooth", model);
            return false;
        }
        return fields.truth("more_smooth");
    }
}
