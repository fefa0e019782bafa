package dev.tessera.helm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The chart's values as a table, made of {@code values.yaml} and the comments above its keys. */
final class ValuesTable {
    private static final Pattern COMMENT = Pattern.compile(" *# (.*)");
    private static final Pattern KEY = Pattern.compile("( *)([A-Za-z][A-Za-z0-9]*):.*");
    private static final int INDENT = 2;

    private final JsonNode values;
    private final List<String> rows = new ArrayList<>();

    private ValuesTable(JsonNode values) {
        this.values = values;
    }

    /** In Markdown; every key that has a comment, in the order of the file. */
    static String ofTheChart() throws IOException {
        String text = Files.readString(Chart.FOLDER.resolve("values.yaml"));
        ValuesTable table = new ValuesTable(new YAMLMapper().readTree(text));
        table.read(text.lines().toList());
        return "| key | default | |\n|---|---|---|\n" + String.join("\n", table.rows);
    }

    private void read(List<String> lines) {
        List<String> comment = new ArrayList<>();
        Deque<String> path = new ArrayDeque<>();
        for (String line : lines) {
            Matcher said = COMMENT.matcher(line);
            Matcher key = KEY.matcher(line);
            if (said.matches()) {
                comment.add(said.group(1));
            } else if (key.matches() && !comment.isEmpty()) {
                while (path.size() > key.group(1).length() / INDENT) {
                    path.removeLast();
                }
                path.addLast(key.group(2));
                rows.add(row(path, String.join(" ", comment)));
                comment.clear();
            }
        }
    }

    private String row(Deque<String> path, String meaning) {
        JsonNode value = values.at(path.stream().collect(Collectors.joining("/", "/", "")));
        String preset = value.isObject() && !value.isEmpty() ? "" : "`" + value + "`";
        return "| `" + String.join(".", path) + "` | " + preset + " | " + meaning.replace("|", "\\|") + " |";
    }
}
