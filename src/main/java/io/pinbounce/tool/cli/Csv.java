package io.pinbounce.tool.cli;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.stream.Collectors;

/** Writes comma-separated values (RFC 4180), with a line feed alone at the end of each line. */
final class Csv {

    private final StringBuilder out = new StringBuilder();

    Csv(String... names) {
        line(List.of(names));
    }

    /** One line; null is an empty field. */
    void line(List<? extends @Nullable Object> values) {
        out.append(values.stream().map(Csv::field).collect(Collectors.joining(","))).append('\n');
    }

    private static String field(@Nullable Object value) {
        String text = value == null ? "" : value.toString();
        boolean plain = text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
        return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
