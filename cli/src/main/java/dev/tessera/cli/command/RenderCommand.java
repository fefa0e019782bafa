package dev.tessera.cli.command;

import dev.tessera.cli.render.RenderRequest;
import dev.tessera.cli.render.Renderer;
import dev.tessera.cli.render.Rendering;
import dev.tessera.cli.stack.NativeLibraries;
import dev.tessera.cli.terminal.Progress;
import dev.tessera.cli.terminal.ProgressDisplay;
import dev.tessera.inference.TokenGrid;
import dev.tessera.inference.bundle.ModelBundle;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

@CommandLine.Command(
        name = "render",
        description = {
            "Make a picture in this process, with the services' own engine but without a stack.",
            "The same request gives the same PNG as through the stack."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  tessera render --bundle models/emoji-llamagen --prompt \"a slice of pizza\" --seed 1",
            "  tessera render --bundle my-classes --class 207 --cfg 4 --top-k 2000 --tokens-out t.json",
            "  tessera render --bundle models/var-d16 --class 207 --cfg 4 --top-k 900 --top-p 0.95 --more-smooth",
            "  tessera render --bundle models/amused-256 --prompt \"a red heart\" --negative-prompt blurry --steps 20",
            "  tessera render --bundle models/sflckr --condition map.json --size 1024x672 --top-k 100",
            "  tessera render --bundle models/emoji-llamagen --prompt \"a cat face\" --image cat.png --region 0,32,64,32"
        })
final class RenderCommand implements Callable<Integer> {
    private static final long SEEDS = 1L << 53;

    private final CommandContext context;

    @CommandLine.Option(names = "--bundle", required = true, paramLabel = "DIR", description = "The model bundle.")
    private Path bundle = Path.of("");

    @CommandLine.ArgGroup
    private Condition condition = new Condition();

    /** What the picture shall show, one way or the other. */
    static final class Condition {
        @CommandLine.Option(names = "--prompt", paramLabel = "TEXT", description = "What the picture shall show.")
        @Nullable
        String prompt;

        @CommandLine.Option(names = "--class", paramLabel = "INDEX", description = "Class of the picture.")
        @Nullable
        Integer classIndex;

        @CommandLine.Option(
                names = "--condition",
                paramLabel = "FILE",
                description = "Tokens of a condition map, as --tokens-out writes them.")
        @Nullable
        Path map;
    }

    @CommandLine.Option(
            names = "--size",
            paramLabel = "WxH",
            description = "Size in pixels, for models that make several; the model's own without it.")
    private @Nullable String size;

    @CommandLine.Option(names = "--negative-prompt", paramLabel = "TEXT", description = "What to keep away from.")
    private @Nullable String negativePrompt;

    @CommandLine.Option(names = "--seed", paramLabel = "NUMBER", description = "Drawn at random without it.")
    private @Nullable Long seed;

    @CommandLine.Option(
            names = {"--cfg", "--guidance-scale"},
            paramLabel = "SCALE",
            description =
                    "How closely to follow the condition, as the family means it: 1 switches guidance off, with VAR 0 does.")
    private @Nullable Float guidanceScale;

    @CommandLine.Option(
            names = "--temperature",
            paramLabel = "T",
            description = "0 takes the likeliest token; of a masked model, how much confidences are shaken at first.")
    private @Nullable Float temperature;

    @CommandLine.Option(names = "--top-k", paramLabel = "K", description = "Draw from the K likeliest; 0 from all.")
    private @Nullable Integer topK;

    @CommandLine.Option(names = "--top-p", paramLabel = "P", description = "Draw from the likeliest of probability P.")
    private @Nullable Float topP;

    @CommandLine.Option(
            names = "--more-smooth",
            description = "Blend code vectors instead of drawing one for each cell; for VAR models.")
    private boolean moreSmooth;

    @CommandLine.Option(names = "--steps", paramLabel = "N", description = "Steps of a masked model.")
    private @Nullable Integer steps;

    @CommandLine.Option(
            names = "--schedule",
            paramLabel = "NAME",
            description = "How a masked model's cells are unmasked over the steps: cosine or linear.")
    private @Nullable String schedule;

    @CommandLine.ArgGroup(exclusive = false, heading = "%nEditing a picture:%n")
    private RenderEditOptions edit = new RenderEditOptions();

    @CommandLine.Option(
            names = {"-o", "--out"},
            paramLabel = "FILE",
            defaultValue = "picture.png",
            description = "The PNG; ${DEFAULT-VALUE} without it.")
    private Path out = Path.of("");

    @CommandLine.Option(
            names = "--tokens-out",
            paramLabel = "FILE",
            description =
                    "Also write the tokens, as {\"grid\":[rows,columns],\"tokens\":[...]}; of several scales all, coarse to fine.")
    private @Nullable Path tokensOut;

    RenderCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        System.setProperty("DJL_CACHE_DIR", context.home().resolve("cache/djl").toString());
        System.setProperty("ai.djl.offline", "true");
        NativeLibraries.unpackForThisProcess(context.home().resolve("cache"));
        long chosenSeed = seed == null ? new SecureRandom().nextLong(SEEDS) : seed;
        Rendering rendering = render(new Renderer(ModelBundle.open(context.resolve(bundle))), chosenSeed);
        write(context.resolve(out), rendering.png());
        if (tokensOut != null) {
            write(context.resolve(tokensOut), json(rendering.tokens()).getBytes(StandardCharsets.UTF_8));
        }
        context.terminal().err().println("seed " + chosenSeed);
        context.terminal().out().println(context.display(context.resolve(out)));
        return CommandLine.ExitCode.OK;
    }

    private Rendering render(Renderer renderer, long chosenSeed) {
        RenderRequest request = new RenderRequest(
                condition.prompt,
                condition.classIndex,
                condition.map == null ? null : ConditionFile.read(context.resolve(condition.map)),
                size == null ? null : PictureSize.parse(size),
                negativePrompt,
                chosenSeed,
                guidanceScale,
                temperature,
                topK,
                topP,
                moreSmooth,
                steps,
                schedule,
                edit.edit(context).orElse(null));
        long begin = System.nanoTime();
        try (ProgressDisplay display = new ProgressDisplay(context.terminal())) {
            return renderer.render(
                    request,
                    (done, total) -> display.show(new Progress(
                            "generating", done, total, 0, 1, Duration.ofNanos(System.nanoTime() - begin), 0)));
        }
    }

    private static String json(TokenGrid tokens) {
        String ids = Arrays.stream(tokens.ids()).mapToObj(Integer::toString).collect(Collectors.joining(","));
        String grid = "{\"grid\":[" + tokens.rows() + "," + tokens.columns() + "],";
        return grid + scales(tokens) + "\"tokens\":[" + ids + "]}\n";
    }

    private static String scales(TokenGrid tokens) {
        return tokens.scales().isEmpty() ? "" : "\"scales\":" + tokens.scales() + ",";
    }

    private static void write(Path file, byte[] bytes) throws IOException {
        Path parent = file.getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        Files.write(file, bytes);
    }
}
