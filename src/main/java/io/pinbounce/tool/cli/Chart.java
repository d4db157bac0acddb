package io.pinbounce.tool.cli;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One chart of an {@link HtmlPage}. */
final class Chart {

    /** How values are drawn. */
    enum Kind {
        /** A bar for each value, in groups of one label. */
        BARS,
        /** A line for each label, from its lowest to its highest value, with a point between. */
        INTERVALS
    }

    /** How far apart values stand. */
    enum Scale {
        /** In proportion to their values. */
        LINEAR,
        /** In proportion to the logarithms of their values. */
        LOGARITHMIC
    }

    private final Kind kind;

    private final String title;

    private final String unit;

    private Scale scale = Scale.LINEAR;

    private @Nullable Double reference;

    private @Nullable Double most;

    private List<String> labels = List.of();

    private final List<Object> series = new ArrayList<>();

    Chart(Kind kind, String title, String unit) {
        this.kind = kind;
        this.title = title;
        this.unit = unit;
    }

    Chart scale(Scale chosen) {
        scale = chosen;
        return this;
    }

    /** A value to compare with, drawn as a line. */
    Chart reference(double value) {
        reference = value;
        return this;
    }

    /** Where the axis ends. */
    Chart most(double value) {
        most = value;
        return this;
    }

    Chart labels(List<String> names) {
        labels = names;
        return this;
    }

    /** Bars of one colour, a value for each label; null is none. */
    Chart bars(String name, List<? extends @Nullable Object> values) {
        series.add(Map.of("name", name, "values", values));
        return this;
    }

    /** A line of an interval, in the colour of its group. */
    Chart interval(String label, String group, double low, double middle, double high) {
        series.add(Map.of("name", label, "group", group, "values", List.of(low, middle, high)));
        return this;
    }

    boolean isEmpty() {
        return series.isEmpty();
    }

    Map<String, @Nullable Object> json() {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("kind", kind);
        json.put("title", title);
        json.put("unit", unit);
        json.put("scale", scale);
        json.put("reference", reference);
        json.put("most", most);
        json.put("labels", labels);
        json.put("series", series);
        return json;
    }
}
