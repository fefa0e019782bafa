package dev.tessera.cli.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tessera.cli.client.GatewayClient;
import dev.tessera.cli.client.Job;
import dev.tessera.cli.client.JobFollower;
import dev.tessera.cli.stack.LocalStack;
import dev.tessera.cli.stack.StackException;
import dev.tessera.cli.stack.StackSettings;
import dev.tessera.cli.stack.StackStatus;
import dev.tessera.cli.terminal.ProgressDisplay;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

@CommandLine.Command(
        name = "generate",
        description = {
            "Make pictures, and wait for them.",
            "Starts the stack when none runs; it stays up, so that the next picture comes fast."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  tessera generate \"a slice of pizza\"",
            "  tessera generate \"a red heart\" --seed 1 --out heart.png",
            "  tessera generate \"a cat face on a blue background\" --n 4 --cfg 5 --out cats/",
            "  tessera generate --model my-classes --class 207 --json",
            "  tessera generate --model my-var --class 207 --more-smooth",
            "  tessera generate \"a green heart\" --image heart.png --mask mask.png",
            "  tessera generate \"a cat face\" --from JOB --region 16,32,32,24",
            "  tessera generate \"a cat face\" --from JOB --strength 0.3 --n 4",
            "  tessera generate --model my-scenes --condition labels.png",
            "  tessera generate --model my-muse --upscale --from JOB --out large.png"
        })
final class GenerateCommand implements Callable<Integer> {
    private static final Duration RETRY = Duration.ofMillis(500);

    private final CommandContext context;

    @CommandLine.Mixin
    private RequestOptions request = new RequestOptions();

    @CommandLine.ArgGroup(exclusive = false, heading = "%nEditing a picture:%n")
    private EditOptions edit = new EditOptions();

    @CommandLine.Option(
            names = {"-o", "--out"},
            paramLabel = "PATH",
            description = "File, or directory with a slash at its end; named after the prompt and the seed without it.")
    private @Nullable String out;

    @CommandLine.Option(names = "--json", description = "Print the job and its files as JSON.")
    private boolean json;

    @CommandLine.Mixin
    private GatewayOption gateway = new GatewayOption();

    @CommandLine.Mixin
    private StackOptions stack = new StackOptions();

    GenerateCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        if (request.prompt == null && request.classIndex == null && request.condition == null && !edit.given()) {
            throw new CommandException(
                    CommandException.Reason.USAGE,
                    "say what the picture shall show: a PROMPT, --class for class models, or --condition for a map");
        }
        try (GatewayClient client = new GatewayClient(gateway.named(context).orElseGet(this::localGateway))) {
            Job job = client.submit(
                    request.request(context, edit.fields(context, client, request.model, request.size)),
                    UUID.randomUUID().toString());
            if (!json) {
                context.terminal().err().println("job " + job.id());
            }
            Job finished = follow(client, job);
            List<Path> files = download(client, finished);
            return report(client, finished, files);
        }
    }

    private URI localGateway() {
        Optional<LocalStack> running = runningStack();
        running.ifPresent(GenerateCommand::refuseCrashed);
        return running.orElseGet(this::startStack).gateway();
    }

    /** Without a look at the models, whose manifests only a start needs. */
    private Optional<LocalStack> runningStack() {
        return LocalStack.find(StackSettings.of(context.installation(), context.home(), List.of()));
    }

    private LocalStack startStack() {
        StackSettings settings = stack.settings(context);
        context.terminal().err().println("starting the stack in " + context.display(settings.home()));
        return LocalStack.start(settings, new StackReport(context.terminal()));
    }

    private static void refuseCrashed(LocalStack running) {
        running.status().services().stream()
                .filter(service -> service.health() == StackStatus.Health.CRASHED)
                .findFirst()
                .ifPresent(service -> {
                    throw new StackException(
                            StackException.Reason.CHILD_FAILED,
                            "the stack's " + service.service().key() + " has crashed: see 'tessera logs "
                                    + service.service().key() + "', then 'tessera down' and try again");
                });
    }

    private Job follow(GatewayClient client, Job job) {
        JobProgress progress = new JobProgress(System::nanoTime);
        try (PartingWords words = PartingWords.about(job.id(), context.terminal(), Optional.ofNullable(gateway.url));
                ProgressDisplay display = new ProgressDisplay(context.terminal())) {
            return new JobFollower(client, RETRY)
                    .follow(job, state -> display.show(progress.of(state)), this::checkStack);
        }
    }

    /** A crashed child would leave the job waiting for ever. */
    private void checkStack() {
        if (gateway.named(context).isEmpty()) {
            runningStack().ifPresentOrElse(GenerateCommand::refuseCrashed, () -> {
                throw new StackException(
                        StackException.Reason.NOT_RUNNING,
                        "the stack was stopped; the job goes on when it is started again");
            });
        }
    }

    private List<Path> download(GatewayClient client, Job job) {
        PictureFiles files = PictureFiles.of(context, Optional.ofNullable(out), job);
        List<Path> written = new ArrayList<>();
        for (int index = 0; index < job.images(); index++) {
            if (job.isStored(index)) {
                written.add(files.write(index, client.image(job.id(), index)));
            }
        }
        return written;
    }

    private int report(GatewayClient client, Job job, List<Path> files) {
        if (json) {
            context.terminal().out().println(description(client, job, files));
        } else {
            files.forEach(file -> context.terminal().out().println(context.display(file)));
            context.terminal()
                    .err()
                    .println("gateway " + client.base()
                            + (gateway.named(context).isEmpty() ? " (stays up; stop it with tessera down)" : ""));
        }
        if (job.hasSucceeded()) {
            return CommandLine.ExitCode.OK;
        }
        throw new CommandException(
                CommandException.Reason.FAILED,
                "job " + job.id() + " " + job.status()
                        + job.failure().map(why -> ": " + why).orElse(""));
    }

    private static String description(GatewayClient client, Job job, List<Path> files) {
        ObjectNode description = JsonNodeFactory.instance.objectNode();
        description.set("job", job.json());
        ArrayNode paths = description.putArray("files");
        files.forEach(file -> paths.add(file.toString()));
        description.put("gateway", client.base().toString());
        return description.toPrettyString();
    }
}
