package dev.tessera.cli.command;

import dev.tessera.cli.client.JobRequest;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** The fields of a job. Their values are checked by the gateway, which knows the model. */
final class RequestOptions {
    @CommandLine.Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "PROMPT",
            description = "What the picture shall show; not for class models.")
    @Nullable
    String prompt;

    @CommandLine.Option(
            names = "--class",
            paramLabel = "INDEX",
            description = "Class of the picture, for class models instead of a prompt.")
    @Nullable
    Integer classIndex;

    @CommandLine.Option(
            names = "--model",
            paramLabel = "NAME",
            description = "Model; without it the gateway's default.")
    @Nullable
    String model;

    @CommandLine.Option(names = "--n", paramLabel = "COUNT", description = "Number of pictures; 1 without it.")
    @Nullable
    Integer n;

    @CommandLine.Option(
            names = "--seed",
            paramLabel = "NUMBER",
            description = "The same seed gives the same picture; drawn at random without it.")
    @Nullable
    Long seed;

    @CommandLine.Option(
            names = "--size",
            paramLabel = "WxH",
            description = "Size in pixels; the model's own without it.")
    @Nullable
    String size;

    @CommandLine.Option(names = "--negative-prompt", paramLabel = "TEXT", description = "What to keep away from.")
    @Nullable
    String negativePrompt;

    @CommandLine.Option(
            names = {"--guidance-scale", "--cfg"},
            paramLabel = "SCALE",
            description =
                    "How closely to follow the prompt, as the family means it: 1 switches guidance off, with VAR 0"
                            + " does.")
    @Nullable
    Double guidanceScale;

    @CommandLine.Option(
            names = "--temperature",
            paramLabel = "T",
            description = "Below 1 more likely tokens, above 1 more surprising ones.")
    @Nullable
    Double temperature;

    @CommandLine.Option(
            names = "--top-k",
            paramLabel = "K",
            description = "Draw from the K likeliest tokens; 0 from all.")
    @Nullable
    Integer topK;

    @CommandLine.Option(
            names = "--top-p",
            paramLabel = "P",
            description = "Draw from the likeliest tokens that together have probability P.")
    @Nullable
    Double topP;

    @CommandLine.Option(
            names = "--more-smooth",
            description = "Blend code vectors instead of drawing one for each cell; for VAR models.")
    @Nullable
    Boolean moreSmooth;

    @CommandLine.Option(names = "--steps", paramLabel = "N", description = "Steps of a masked model.")
    @Nullable
    Integer steps;

    @CommandLine.Option(
            names = "--schedule",
            paramLabel = "NAME",
            description = "How a masked model's cells are unmasked over the steps: cosine or linear.")
    @Nullable
    String schedule;

    @CommandLine.Option(
            names = "--condition",
            paramLabel = "FILE",
            description =
                    "The map of labels or depths that the picture follows, as a grey PNG; for models conditioned on one.")
    @Nullable
    Path condition;

    JobRequest request(CommandContext context, EditOptions.Fields edit) {
        return JobRequest.builder()
                .model(model)
                .prompt(prompt)
                .classIndex(classIndex)
                .negativePrompt(negativePrompt)
                .condition(condition == null ? null : EditOptions.encoded(context, condition))
                .image(edit.image())
                .from(edit.from())
                .mask(edit.mask())
                .strength(edit.strength())
                .resample(edit.resample())
                .upscale(edit.upscale())
                .n(n)
                .size(size)
                .seed(seed)
                .guidanceScale(guidanceScale)
                .temperature(temperature)
                .topK(topK)
                .topP(topP)
                .moreSmooth(moreSmooth)
                .steps(steps)
                .schedule(schedule)
                .build();
    }
}
