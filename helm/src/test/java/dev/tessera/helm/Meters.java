package dev.tessera.helm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The meters that services register, read from their sources, under the names that Prometheus has for them. */
final class Meters {
    static final Path REPOSITORY = Chart.FOLDER.resolve("../..").normalize();

    /** How a meter is made, and its name. A class's own method that makes one is named after the kind. */
    private static final Pattern METER = Pattern.compile(
            "\\b(registry\\.timer|counter|timer|gauge|Counter\\.builder|Timer\\.builder|Gauge\\.builder|DistributionSummary\\.builder)\\(\\s*"
                    + "\"(tessera\\.[a-z.]+)\"");

    private static final Pattern UNIT = Pattern.compile("\\.baseUnit\\(\"([a-z]+)\"\\)");

    private Meters() {}

    static Set<String> inPrometheus() {
        Set<String> names = new TreeSet<>();
        sources().forEach(source -> names.addAll(names(source)));
        return names;
    }

    private static Set<String> names(String source) {
        Set<String> names = new TreeSet<>();
        Matcher meter = METER.matcher(source);
        while (meter.find()) {
            String statement = source.substring(meter.start(), source.indexOf(';', meter.end()));
            String base = meter.group(2).replace('.', '_');
            switch (meter.group(1)) {
                case "counter", "Counter.builder" -> names.add(base + "_total");
                case "registry.timer" -> addDistribution(names, base + "_seconds", false);
                case "timer" ->
                    addDistribution(names, base + "_seconds", source.contains("publishPercentileHistogram()"));
                case "Timer.builder" ->
                    addDistribution(names, base + "_seconds", statement.contains("publishPercentileHistogram()"));
                case "DistributionSummary.builder" ->
                    addDistribution(names, base, statement.contains("publishPercentileHistogram()"));
                default -> {
                    Matcher unit = UNIT.matcher(statement);
                    names.add(unit.find() ? base + "_" + unit.group(1) : base);
                }
            }
        }
        return names;
    }

    private static void addDistribution(Set<String> names, String base, boolean histogram) {
        names.addAll(List.of(base + "_count", base + "_sum", base + "_max"));
        if (histogram) {
            names.add(base + "_bucket");
        }
    }

    private static List<String> sources() {
        return Stream.of(REPOSITORY, REPOSITORY.resolve("shared"))
                .flatMap(folder -> children(folder).stream())
                .map(module -> module.resolve("src/main/java"))
                .filter(Files::isDirectory)
                .flatMap(folder -> javaFiles(folder).stream())
                .map(Meters::read)
                .toList();
    }

    private static List<Path> children(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Path> javaFiles(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".java")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
