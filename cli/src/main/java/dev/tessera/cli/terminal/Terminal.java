package dev.tessera.cli.terminal;

import java.io.Console;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Where a command writes: results to {@code out}, everything about the way there to {@code err}.
 *
 * @param interactive whether a person watches, so that lines may be rewritten
 * @param colours whether ANSI colours may be used
 * @param width in columns
 */
public record Terminal(PrintWriter out, PrintWriter err, boolean interactive, boolean colours, int width) {
    private static final int USUAL_WIDTH = 80;

    /** Colours of the ANSI standard. */
    public enum Colour {
        GREEN(32),
        RED(31),
        YELLOW(33);

        private final int code;

        Colour(int code) {
            this.code = code;
        }
    }

    /** This process's own; NO_COLOR (no-color.org) and dumb terminals are respected. */
    public static Terminal system(Map<String, String> environment) {
        Console console = System.console();
        boolean dumb = environment.getOrDefault("TERM", "dumb").equals("dumb");
        boolean interactive = console != null && console.isTerminal() && !dumb;
        boolean colours =
                interactive && environment.getOrDefault("NO_COLOR", "").isEmpty();
        return new Terminal(
                new PrintWriter(System.out, true, StandardCharsets.UTF_8),
                new PrintWriter(System.err, true, StandardCharsets.UTF_8),
                interactive,
                colours,
                width(environment.getOrDefault("COLUMNS", "")));
    }

    private static int width(String columns) {
        return columns.matches("[1-9]\\d{0,3}") ? Math.max(20, Integer.parseInt(columns)) : USUAL_WIDTH;
    }

    public String coloured(Colour colour, String text) {
        return colours ? "\u001b[" + colour.code + "m" + text + "\u001b[0m" : text;
    }
}
