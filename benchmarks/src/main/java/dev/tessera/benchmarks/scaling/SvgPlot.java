package dev.tessera.benchmarks.scaling;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Lines over the hours of a day, drawn as SVG that reads in the dark, too. */
final class SvgPlot {
    private static final int WIDTH = 860;
    private static final int HEIGHT = 320;
    private static final int LEFT = 70;
    private static final int RIGHT = 20;
    private static final int TOP = 40;
    private static final int BOTTOM = 76;
    private static final List<String> COLOURS = List.of("#8a8f98", "#1f77b4", "#d9822b", "#2a9d5c", "#b5179e");

    private final String title;
    private final String unit;
    private final List<Line> lines = new ArrayList<>();

    /** @param points hours and values */
    private record Line(String label, List<double[]> points) {}

    SvgPlot(String title, String unit) {
        this.title = title;
        this.unit = unit;
    }

    SvgPlot line(String label, List<double[]> points) {
        lines.add(new Line(label, points));
        return this;
    }

    String svg() {
        double hours = lines.stream()
                .flatMap(line -> line.points().stream())
                .mapToDouble(p -> p[0])
                .max()
                .orElse(1);
        double top = nice(lines.stream()
                .flatMap(line -> line.points().stream())
                .mapToDouble(p -> p[1])
                .max()
                .orElse(1));
        StringBuilder svg = new StringBuilder();
        add(
                svg,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"12\">",
                WIDTH,
                HEIGHT);
        add(svg, "<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>", WIDTH, HEIGHT);
        add(svg, "<text x=\"%d\" y=\"22\" font-size=\"14\" fill=\"#222\">%s</text>", LEFT, title);
        for (int i = 0; i <= 4; i++) {
            double y = y(top * i / 4, top);
            add(svg, "<line x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\" stroke=\"#ddd\"/>", LEFT, y, WIDTH - RIGHT, y);
            add(
                    svg,
                    "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\" fill=\"#444\">%s</text>",
                    LEFT - 8,
                    y + 4,
                    number(top * i / 4));
        }
        for (int i = 0; i <= 6; i++) {
            double hour = hours * i / 6;
            add(
                    svg,
                    "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\" fill=\"#444\">%s h</text>",
                    x(hour, hours),
                    HEIGHT - BOTTOM + 18,
                    number(hour));
        }
        add(svg, "<text x=\"%d\" y=\"%d\" fill=\"#444\">%s</text>", LEFT, TOP - 4, unit);
        for (int i = 0; i < lines.size(); i++) {
            String colour = COLOURS.get(i % COLOURS.size());
            add(
                    svg,
                    "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"1.5\" points=\"%s\"/>",
                    colour,
                    points(lines.get(i), hours, top));
            int x = LEFT + i % 3 * 250;
            int legend = HEIGHT - 36 + i / 3 * 18;
            add(
                    svg,
                    "<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" stroke=\"%s\" stroke-width=\"3\"/>",
                    x,
                    legend,
                    x + 18,
                    legend,
                    colour);
            add(
                    svg,
                    "<text x=\"%d\" y=\"%d\" fill=\"#222\">%s</text>",
                    x + 24,
                    legend + 4,
                    lines.get(i).label());
        }
        return svg.append("</svg>\n").toString();
    }

    private static String points(Line line, double hours, double top) {
        StringBuilder points = new StringBuilder();
        for (double[] point : line.points()) {
            points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x(point[0], hours), y(point[1], top)));
        }
        return points.toString().strip();
    }

    private static double x(double hour, double hours) {
        return LEFT + (WIDTH - LEFT - RIGHT) * hour / hours;
    }

    private static double y(double value, double top) {
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / top;
    }

    /** The next of 1, 2, 4, 5, 8 times a power of ten. */
    private static double nice(double value) {
        double power = Math.pow(10, Math.floor(Math.log10(Math.max(value, 1e-9))));
        for (double step : new double[] {1, 2, 4, 5, 8}) {
            if (value <= step * power) {
                return step * power;
            }
        }
        return 10 * power;
    }

    private static String number(double value) {
        return value == Math.rint(value)
                ? String.format(Locale.ROOT, "%,d", (long) value)
                : String.format(Locale.ROOT, "%.1f", value);
    }

    private static void add(StringBuilder svg, String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}
