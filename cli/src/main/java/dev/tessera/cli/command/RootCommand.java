package dev.tessera.cli.command;

import java.util.Optional;
import picocli.CommandLine;

/** The {@code tessera} command with all its subcommands. */
@CommandLine.Command(
        name = "tessera",
        mixinStandardHelpOptions = true,
        versionProvider = RootCommand.Version.class,
        description = "Text-to-image generation with token-based models, over Kafka, on this machine.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            GenerateCommand.class,
            UpCommand.class,
            DownCommand.class,
            StatusCommand.class,
            LogsCommand.class,
            JobsCommand.class,
            PoolsCommand.class,
            DeadLettersCommand.class,
            RenderCommand.class,
            ModelsCommand.class,
            EvaluateCommand.class,
            TestCommand.class,
            CompletionCommand.class
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  tessera generate \"a slice of pizza\"",
            "  tessera status",
            "  tessera down",
            "",
            "Exit codes: 0 done, 1 failed, 2 wrong usage. Environment: TESSERA_HOME, TESSERA_GATEWAY, NO_COLOR."
        })
public final class RootCommand implements Runnable {
    @CommandLine.Option(
            names = "--debug",
            scope = CommandLine.ScopeType.INHERIT,
            description = "Show the stack trace of an error.")
    private boolean debug;

    @CommandLine.Spec
    @SuppressWarnings("NullAway.Init")
    private CommandLine.Model.CommandSpec spec;

    /** Ready to run. */
    public static CommandLine commandLine(CommandContext context) {
        CommandLine commandLine = new CommandLine(new RootCommand(), new CommandFactory(context));
        ErrorReport errors = new ErrorReport(context.terminal());
        commandLine.getSubcommands().values().forEach(RootCommand::addHelp);
        return commandLine
                .setOut(context.terminal().out())
                .setErr(context.terminal().err())
                .setColorScheme(CommandLine.Help.defaultColorScheme(
                        context.terminal().colours() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF))
                .setUsageHelpAutoWidth(false)
                .setUsageHelpWidth(Math.clamp(context.terminal().width(), 80, 120))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler(errors)
                .setParameterExceptionHandler(errors);
    }

    boolean isDebug() {
        return debug;
    }

    private static void addHelp(CommandLine command) {
        command.getCommandSpec().mixinStandardHelpOptions(true);
        command.getSubcommands().values().forEach(RootCommand::addHelp);
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "say what to do");
    }

    /** Of the jar this runs from. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Optional.ofNullable(RootCommand.class.getPackage().getImplementationVersion())
                    .orElse("(unpackaged)");
            return new String[] {"tessera " + version};
        }
    }
}
