package dev.tessera.cli.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;

@CommandLine.Command(
        name = "test",
        description = {
            "Build everything and run all checks and tests, with a real broker and a real S3 server.",
            "What follows goes to Maven as it is."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  tessera test", "  tessera test -o", "  tessera test -pl gateway -am"})
final class TestCommand implements Callable<Integer> {
    private final CommandContext context;

    @CommandLine.Unmatched
    private List<String> arguments = new ArrayList<>();

    TestCommand(CommandContext context) {
        this.context = context;
    }

    /** The launcher does this itself; it comes here only when it was not used. */
    @Override
    public Integer call() throws IOException, InterruptedException {
        Path launcher = context.installation().resolve("tessera");
        List<String> words = new ArrayList<>(List.of(launcher.toString(), "test"));
        words.addAll(arguments);
        return new ProcessBuilder(words).inheritIO().start().waitFor();
    }
}
