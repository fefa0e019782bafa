package dev.tessera.helm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The settings that services have, read from the sources of their {@code @ConfigMapping}s, so that none is listed twice. */
final class ServiceSettings {
    private static final Path REPOSITORY = Chart.FOLDER.resolve("../..").normalize();
    private static final List<String> SHARED = List.of("shared/pipeline", "shared/inference", "shared/object-store");

    private static final Pattern PREFIX = Pattern.compile("@ConfigMapping\\(prefix = \"([^\"]+)\"\\)");
    private static final Pattern INTERFACE = Pattern.compile("^\\s*(?:public )?interface (\\w+) \\{");
    private static final Pattern SETTING = Pattern.compile("^\\s*(Map<String, )?([A-Z]?[\\w<>]+?)>? (\\w+)\\(\\);");

    private ServiceSettings() {}

    /** Names of the settings of a component: its module's and those of the shared modules. */
    static Set<String> of(String component) {
        String module = component.equals("gateway") ? component : component + "-service";
        Set<String> settings = new TreeSet<>();
        Stream.concat(Stream.of(module), SHARED.stream())
                .map(folder -> REPOSITORY.resolve(folder).resolve("src/main/java"))
                .flatMap(ServiceSettings::mappings)
                .forEach(source -> settings.addAll(settings(source)));
        return settings;
    }

    private static Stream<String> mappings(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files
                    .filter(file -> file.toString().endsWith("Config.java"))
                    .map(ServiceSettings::read)
                    .filter(source -> PREFIX.matcher(source).find())
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Nested interfaces come after the methods that return them, as everywhere in the house. */
    private static Set<String> settings(String source) {
        Matcher prefix = PREFIX.matcher(source);
        if (!prefix.find()) {
            throw new AssertionError("no prefix in " + source);
        }
        Set<String> settings = new TreeSet<>();
        Map<String, String> groups = new HashMap<>();
        Deque<String> open = new ArrayDeque<>();
        for (String line : source.substring(prefix.end()).lines().toList()) {
            Matcher opened = INTERFACE.matcher(line);
            Matcher setting = SETTING.matcher(line);
            if (opened.find()) {
                open.push(groups.getOrDefault(opened.group(1), prefix.group(1)));
            } else if (setting.find()) {
                String name = open.element() + "." + kebab(setting.group(3)) + (setting.group(1) == null ? "" : ".*");
                groups.put(setting.group(2), name);
                settings.add(name);
            } else if (line.strip().equals("}")) {
                open.pop();
            }
        }
        return settings;
    }

    private static String kebab(String name) {
        return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
