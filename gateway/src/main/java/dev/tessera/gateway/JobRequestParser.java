package dev.tessera.gateway;

import dev.tessera.gateway.RequestFields.Range;
import dev.tessera.inference.bundle.BundleManifest.Defaults;
import dev.tessera.v1.Sampling;
import dev.tessera.v1.Unmasking;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;

/** Reads the body of a request for a job, strictly: it finds all mistakes, and names field and fix of each. */
public final class JobRequestParser {
    /** What a double holds exactly, so that JavaScript clients keep the seed they read. */
    static final long MAX_SEED = (1L << 53) - 1;

    private static final Set<String> FIELDS = Collections.unmodifiableSet(new LinkedHashSet<>(List.of(
            "model",
            "prompt",
            "class",
            "negative_prompt",
            "image",
            "mask",
            "from",
            "strength",
            "n",
            "size",
            "seed",
            "guidance_scale",
            "temperature",
            "top_k",
            "top_p",
            "steps",
            "schedule")));

    private final Models models;
    private final int maxImages;
    private final PromptRules promptRules;
    private final EditFields edits;

    public JobRequestParser(Models models, int maxImages, int maxPromptCharacters, EditFields edits) {
        this.models = models;
        this.maxImages = maxImages;
        this.edits = edits;
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
        fields.refuseUnknown(FIELDS, model.map(Model::fields).orElse(FIELDS));
        JobRequest.Condition condition = condition(fields, model);
        String negativePrompt = negativePrompt(fields, model);
        int images = (int) fields.integer("n", 1, maxImages).orElse(1);
        model.ifPresent(known -> checkSize(fields, known));
        long seed = fields.integer("seed", 0, MAX_SEED).orElseGet(randomSeed);
        Sampling sampling = sampling(fields, model);
        Unmasking unmasking = UnmaskingFields.read(fields, model);
        EditRequest edit = model.map(known -> edits.read(fields, tenant, known)).orElse(new EditRequest.None());
        fields.refuseErrors();
        return new JobRequest(model.orElseThrow(), condition, negativePrompt, images, seed, sampling, unmasking, edit);
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

    private JobRequest.Condition condition(RequestFields fields, Optional<Model> model) {
        boolean takesText = model.map(Model::takesText).orElse(!fields.has("class"));
        if (!takesText) {
            return imageClass(fields, model);
        }
        if (fields.has("class")) {
            fields.error("class", "is not for a text model; give a prompt instead" + known(model));
        }
        if (!fields.has("prompt") && model.isPresent()) {
            fields.error("prompt", "is missing; say what the picture shows");
        }
        Optional<String> prompt = fields.text("prompt");
        prompt.flatMap(promptRules::violation).ifPresent(violation -> fields.error("prompt", violation));
        return new JobRequest.Prompt(prompt.orElse(""));
    }

    private static JobRequest.Condition imageClass(RequestFields fields, Optional<Model> model) {
        int last = model.map(known -> known.classes().orElse(Integer.MAX_VALUE)).orElse(Integer.MAX_VALUE) - 1;
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

    private String negativePrompt(RequestFields fields, Optional<Model> model) {
        if (fields.has("negative_prompt") && !model.map(Model::takesText).orElse(true)) {
            fields.error("negative_prompt", "is not for a class model; leave it out" + known(model));
            return "";
        }
        String text = fields.text("negative_prompt").orElse("");
        if (!text.isEmpty()) {
            promptRules.violation(text).ifPresent(violation -> fields.error("negative_prompt", violation));
        }
        return text;
    }

    /** What the model's requests may have, as the end of a message. */
    private static String known(Optional<Model> model) {
        return model.map(known -> ". Fields of " + known.name() + " are " + known.fields())
                .orElse("");
    }

    private static void checkSize(RequestFields fields, Model model) {
        fields.text("size")
                .filter(size -> !size.equals("auto") && !size.equals(model.size()))
                .ifPresent(size -> fields.error(
                        "size", "is not a size of " + model.name() + "; give " + model.size() + ", or leave it out"));
    }

    private static Sampling sampling(RequestFields fields, Optional<Model> model) {
        Defaults defaults = model.map(known -> known.manifest().defaults()).orElse(new Defaults(1, 1, 0, 1));
        int codes = model.map(known -> known.manifest().codebook().size()).orElse(Integer.MAX_VALUE);
        int noGuidance = model.map(Model::noGuidance).orElse(1);
        return Sampling.newBuilder()
                .setGuidanceScale((float) fields.number("guidance_scale", Range.from(noGuidance, 100))
                        .orElse(defaults.guidanceScale()))
                .setTemperature(
                        (float) fields.number("temperature", Range.from(0, 10)).orElse(defaults.temperature()))
                .setTopK((int) fields.integer("top_k", 0, codes).orElse(defaults.topK()))
                .setTopP((float) fields.number("top_p", Range.above(0, 1)).orElse(defaults.topP()))
                .build();
    }
}
