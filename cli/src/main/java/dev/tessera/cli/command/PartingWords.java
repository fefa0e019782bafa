package dev.tessera.cli.command;

import dev.tessera.cli.terminal.Terminal;
import java.net.URI;
import java.util.Optional;

/** What is said if the process ends while it waits for a job, by Ctrl-C for instance: the job goes on without it. */
final class PartingWords implements AutoCloseable {
    private final Terminal terminal;
    private final String words;
    private final Thread hook = new Thread(this::say, "parting-words");

    private PartingWords(Terminal terminal, String words) {
        this.terminal = terminal;
        this.words = words;
    }

    /**
     * Has the words ready until this is closed: then nobody waits for the job any more.
     *
     * @param gateway the one to ask about the job, where it has to be named
     */
    static PartingWords about(String jobId, Terminal terminal, Optional<URI> gateway) {
        String rest = jobId + gateway.map(url -> " --gateway " + url).orElse("");
        var words = new PartingWords(
                terminal, "job " + jobId + " goes on: tessera jobs show " + rest + ", or tessera jobs cancel " + rest);
        Runtime.getRuntime().addShutdownHook(words.hook);
        return words;
    }

    /** Not for callers: the process says it at its end. */
    Thread hook() {
        return hook;
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The process is ending, and the words are said.
        }
    }

    private void say() {
        if (terminal.interactive()) {
            // Below the progress bar.
            terminal.err().println();
        }
        terminal.err().println(words);
        terminal.err().flush();
    }
}
