package dev.tessera.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tessera.cli.command.CommandException.Reason;
import dev.tessera.cli.stack.NativeLibraries;
import dev.tessera.evaluation.ClipScore;
import dev.tessera.evaluation.Features;
import dev.tessera.evaluation.FrechetDistance;
import dev.tessera.evaluation.InceptionScore;
import dev.tessera.evaluation.ManifoldOverlap;
import dev.tessera.evaluation.PictureNetwork;
import dev.tessera.evaluation.TextNetwork;
import dev.tessera.tokenizer.onnx.PromptTokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

@CommandLine.Command(
        name = "evaluate",
        description = {
            "Measure a folder of generated pictures: FID, sFID, inception score, precision and recall beside a folder of real ones,"
                    + " and CLIP score beside their prompts.",
            "The networks are yours, as ONNX graphs that resize and normalise for themselves; figures can only be compared where the same"
                    + " networks made them.",
            "",
            "Inception: `pictures` float [1, 3, height, width], RGB from 0 to 255, to `pool` [1, 2048], `spatial` [1, 2023] (the first 7 channels"
                    + " of the last mixed layer's 17 x 17) and `logits` [1, 1008].",
            "CLIP: the same `pictures` to `embedding` [1, width]; `ids` int64 [1, tokens] to `embedding` [1, width]."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  tessera evaluate drawn --reference real --inception inception.onnx",
            "  tessera evaluate drawn --prompts prompts.txt --clip clip-pictures.onnx clip-texts.onnx tokenizer.json"
        })
final class EvaluateCommand implements Callable<Integer> {
    private static final Map<String, Integer> INCEPTION = Map.of("pool", 2048, "spatial", 2023, "logits", 1008);
    private static final String EMBEDDING = "embedding";
    private static final int CLIP_TOKENS = 77;
    private static final int TOLD_EVERY = 1000;
    private static final int FEW = 10_000;

    private final CommandContext context;

    @CommandLine.Parameters(paramLabel = "DIR", description = "The generated pictures.")
    private Path generated = Path.of("");

    @CommandLine.Option(names = "--reference", paramLabel = "DIR", description = "Real pictures, for --inception.")
    private @Nullable Path reference;

    @CommandLine.Option(names = "--inception", paramLabel = "FILE", description = "The Inception network.")
    private @Nullable Path inception;

    @CommandLine.Option(
            names = "--neighbours",
            paramLabel = "K",
            defaultValue = "3",
            description = "Of precision and recall; ${DEFAULT-VALUE} without it.")
    private int neighbours;

    @CommandLine.Option(
            names = "--prompts",
            paramLabel = "FILE",
            description = "A prompt a line, in the order of the pictures' names; for --clip.")
    private @Nullable Path prompts;

    @CommandLine.Option(
            names = "--clip",
            arity = "3",
            paramLabel = "FILE",
            description = "CLIP's network for pictures, its network for texts, and its tokenizer.json.")
    private List<Path> clip = List.of();

    @CommandLine.Option(
            names = "--clip-width",
            paramLabel = "WIDTH",
            defaultValue = "512",
            description = "Width of CLIP's embeddings; ${DEFAULT-VALUE}, as of ViT-B/32, without it.")
    private int clipWidth;

    @CommandLine.Option(names = "--json", description = "Print JSON.")
    private boolean json;

    EvaluateCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        if (inception == null && clip.isEmpty()) {
            throw new CommandException(
                    Reason.USAGE, "give --inception, --clip or both: there is nothing to measure with");
        }
        NativeLibraries.unpackForThisProcess(context.home().resolve("cache"));
        List<Path> pictures = PictureFolder.files(context.resolve(generated));
        ObjectNode figures = JsonNodeFactory.instance.objectNode().put("pictures", pictures.size());
        if (inception != null) {
            addInception(figures, pictures, inception);
        }
        if (!clip.isEmpty()) {
            figures.put("clip_score", clipScore(pictures));
        }
        print(figures);
        return CommandLine.ExitCode.OK;
    }

    private void addInception(ObjectNode figures, List<Path> pictures, Path network) {
        if (reference == null) {
            throw new CommandException(Reason.USAGE, "--inception takes --reference, a folder of real pictures");
        }
        List<Path> real = PictureFolder.files(context.resolve(reference));
        try (PictureNetwork features = PictureNetwork.open(context.resolve(network), INCEPTION)) {
            Inception ours = Inception.of(of(features, pictures));
            Inception theirs = Inception.of(of(features, real));
            figures.put("reference_pictures", real.size());
            figures.put("fid", FrechetDistance.between(ours.pool(), theirs.pool()));
            figures.put("sfid", FrechetDistance.between(ours.spatial(), theirs.spatial()));
            figures.put("inception_score", InceptionScore.of(ours.logits()));
            ManifoldOverlap overlap = ManifoldOverlap.of(ours.pool(), theirs.pool(), neighbours);
            figures.put("precision", overlap.precision());
            figures.put("recall", overlap.recall());
        }
    }

    /** What its network says of a set of pictures. */
    private record Inception(Features pool, Features spatial, Features logits) {
        static Inception of(Map<String, Features> outputs) {
            return new Inception(
                    Objects.requireNonNull(outputs.get("pool")),
                    Objects.requireNonNull(outputs.get("spatial")),
                    Objects.requireNonNull(outputs.get("logits")));
        }
    }

    private double clipScore(List<Path> pictures) {
        List<String> texts = lines();
        if (texts.size() != pictures.size()) {
            throw new CommandException(
                    Reason.USAGE,
                    "--prompts has " + texts.size() + " lines for " + pictures.size() + " pictures; give one for each");
        }
        List<Path> files = clip.stream().map(context::resolve).toList();
        try (PictureNetwork shown = PictureNetwork.open(files.get(0), Map.of(EMBEDDING, clipWidth));
                TextNetwork said = TextNetwork.open(files.get(1), clipWidth);
                PromptTokenizer tokenizer = PromptTokenizer.open(files.get(2), CLIP_TOKENS)) {
            return ClipScore.of(
                    Objects.requireNonNull(of(shown, pictures).get(EMBEDDING)), said.of(texts, tokenizer::ids));
        }
    }

    private Map<String, Features> of(PictureNetwork network, List<Path> pictures) {
        return network.of(pictures, done -> {
            if (done % TOLD_EVERY == 0) {
                context.terminal().err().println("looked at " + done + " of " + pictures.size() + " pictures");
            }
        });
    }

    private List<String> lines() {
        if (prompts == null) {
            throw new CommandException(Reason.USAGE, "--clip takes --prompts, a file with a prompt for each picture");
        }
        try {
            return Files.readAllLines(context.resolve(prompts));
        } catch (IOException e) {
            throw new CommandException(Reason.FAILED, prompts + " cannot be read: " + e.getMessage(), e);
        }
    }

    private void print(ObjectNode figures) {
        if (json) {
            context.terminal().out().println(figures.toPrettyString());
            return;
        }
        figures.properties().forEach(figure -> {
            JsonNode value = figure.getValue();
            String text = value.isInt() ? value.asText() : String.format(Locale.ROOT, "%.3f", value.doubleValue());
            context.terminal().out().printf("%-20s %10s%n", figure.getKey(), text);
        });
        if (figures.path("pictures").intValue() < FEW && figures.has("fid")) {
            context.terminal()
                    .err()
                    .println(
                            "Distances of fewer than 10,000 pictures are larger than those of more; compare equal numbers.");
        }
    }
}
