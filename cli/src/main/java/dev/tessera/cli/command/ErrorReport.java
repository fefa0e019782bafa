package dev.tessera.cli.command;

import dev.tessera.cli.client.ClientException;
import dev.tessera.cli.render.RenderException;
import dev.tessera.cli.stack.StackException;
import dev.tessera.cli.terminal.Terminal;
import dev.tessera.evaluation.EvaluationException;
import dev.tessera.importer.ImportException;
import dev.tessera.inference.bundle.BundleException;
import dev.tessera.inference.onnx.OnnxException;
import dev.tessera.tokenizer.TokenizerException;
import java.util.Map;
import picocli.CommandLine;

/** Says what went wrong, in the user's words and without a stack trace, and which exit code that is. */
public final class ErrorReport
        implements CommandLine.IExecutionExceptionHandler, CommandLine.IParameterExceptionHandler {
    private static final Map<String, String> OPTIONS = Map.of(
            "/prompt", "PROMPT",
            "/guidance_scale", "--guidance-scale",
            "/negative_prompt", "--negative-prompt",
            "/top_k", "--top-k",
            "/top_p", "--top-p");

    private final Terminal terminal;

    public ErrorReport(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public int handleParseException(CommandLine.ParameterException e, String[] arguments) {
        CommandLine command = e.getCommandLine();
        say(e);
        CommandLine.UnmatchedArgumentException.printSuggestions(e, terminal.err());
        terminal.err().println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
        return CommandLine.ExitCode.USAGE;
    }

    @Override
    public int handleExecutionException(Exception e, CommandLine command, CommandLine.ParseResult arguments) {
        if (command.getCommandSpec().root().userObject() instanceof RootCommand root && root.isDebug()) {
            e.printStackTrace(terminal.err());
        }
        return switch (e) {
            case ClientException problem -> report(problem);
            case CommandException failure -> {
                say(failure);
                yield failure.reason() == CommandException.Reason.USAGE
                        ? CommandLine.ExitCode.USAGE
                        : CommandLine.ExitCode.SOFTWARE;
            }
            case StackException failure -> failed(failure);
            case BundleException failure -> failed(failure);
            case ImportException failure -> failed(failure);
            case EvaluationException failure -> failed(failure);
            case OnnxException failure -> failed(failure);
            case TokenizerException failure -> failed(failure);
            case RenderException failure -> {
                say(failure);
                yield failure.reason() == RenderException.Reason.INVALID_REQUEST
                        ? CommandLine.ExitCode.USAGE
                        : CommandLine.ExitCode.SOFTWARE;
            }
            default -> unexpected(e);
        };
    }

    private int failed(Exception e) {
        say(e);
        return CommandLine.ExitCode.SOFTWARE;
    }

    private int unexpected(Exception e) {
        say("something unexpected happened: " + e + " (--debug shows where)");
        return CommandLine.ExitCode.SOFTWARE;
    }

    private int report(ClientException problem) {
        if (problem.mistakes().isEmpty()) {
            say(problem);
        }
        problem.mistakes().forEach(mistake -> say(option(mistake.pointer()) + " " + mistake.detail()));
        return problem.reason() == ClientException.Reason.INVALID_REQUEST
                ? CommandLine.ExitCode.USAGE
                : CommandLine.ExitCode.SOFTWARE;
    }

    private static String option(String pointer) {
        return OPTIONS.getOrDefault(pointer, pointer.isEmpty() ? "the request" : "--" + pointer.substring(1));
    }

    private void say(Exception e) {
        say(String.valueOf(e.getMessage()));
    }

    private void say(String message) {
        terminal.err().println(terminal.coloured(Terminal.Colour.RED, "tessera: ") + message);
    }
}
