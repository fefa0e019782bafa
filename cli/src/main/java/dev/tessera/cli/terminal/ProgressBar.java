package dev.tessera.cli.terminal;

import java.util.Locale;

/** Draws progress in one line of text. Pure. */
public final class ProgressBar {
    private static final int LONGEST_BAR = 30;
    private static final int SHORTEST_BAR = 5;

    private ProgressBar() {}

    /** For a line that is rewritten; never wider than {@code width} columns. */
    public static String bar(Progress progress, int width) {
        String facts = facts(progress);
        String head = String.format(Locale.ROOT, "%-10s ", progress.status());
        int room = Math.min(LONGEST_BAR, width - head.length() - facts.length() - 3);
        String line = room < SHORTEST_BAR ? head + facts : head + "[" + cells(progress, room) + "] " + facts;
        return line.length() <= width ? line : line.substring(0, Math.max(0, width));
    }

    /** For a log: no bar. */
    public static String line(Progress progress) {
        return progress.status() + ": " + facts(progress);
    }

    private static String cells(Progress progress, int room) {
        int full = (int) Math.floor(progress.fraction() * room);
        return "#".repeat(full) + "-".repeat(room - full);
    }

    private static String facts(Progress progress) {
        StringBuilder facts = new StringBuilder();
        facts.append(progress.tokensDone())
                .append('/')
                .append(tokensTotal(progress))
                .append(" tokens");
        if (progress.imagesTotal() > 1) {
            facts.append(", ").append(progress.imagesDone()).append('/').append(progress.imagesTotal());
            facts.append(" images");
        }
        long seconds = progress.secondsLeft();
        if (seconds > 0) {
            facts.append(", ").append(duration(seconds)).append(" left");
        }
        return facts.toString();
    }

    private static String tokensTotal(Progress progress) {
        return progress.tokensTotal() == 0 ? "?" : Integer.toString(progress.tokensTotal());
    }

    private static String duration(long seconds) {
        if (seconds < 60) {
            return seconds + " s";
        }
        return seconds < 3600
                ? "%d min %02d s".formatted(seconds / 60, seconds % 60)
                : "%d h %02d min".formatted(seconds / 3600, seconds / 60 % 60);
    }
}
