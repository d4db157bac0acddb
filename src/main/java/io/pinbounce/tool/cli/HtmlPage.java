package io.pinbounce.tool.cli;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One page with charts, which needs nothing but a browser: everything is inside, and its policy
 * forbids it to load anything else. It holds its data as JSON, which a script turns into text and
 * pictures: no data is ever read as HTML.
 */
final class HtmlPage {

    /** Chart.js in its archive; the notice that its licence asks for is at its start. */
    private static final String CHARTS =
            "META-INF/resources/webjars/chart.js/4.4.9/dist/chart.umd.js";

    private final String title;

    private final List<Object> facts = new ArrayList<>();

    private final List<String> notes = new ArrayList<>();

    private final List<Object> sections = new ArrayList<>();

    private final List<Object> tables = new ArrayList<>();

    HtmlPage(String title) {
        this.title = title;
    }

    /** A line about the run as a whole. */
    HtmlPage fact(String name, Object value) {
        facts.add(List.of(name, value.toString()));
        return this;
    }

    /** A line that a reader must not miss. */
    HtmlPage note(String text) {
        notes.add(text);
        return this;
    }

    /** Charts that belong together. */
    HtmlPage section(String heading, String text, List<Chart> charts) {
        if (!charts.isEmpty()) {
            Map<String, @Nullable Object> section = new LinkedHashMap<>();
            section.put("heading", heading);
            section.put("text", text);
            section.put("charts", charts.stream().map(Chart::json).toList());
            sections.add(section);
        }
        return this;
    }

    /** Numbers as they are. */
    HtmlPage table(String heading, List<String> head, List<List<String>> rows) {
        tables.add(Map.of("heading", heading, "head", head, "rows", rows));
        return this;
    }

    /** The text of the page. */
    String write() throws IOException {
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put("title", title);
        data.put("facts", facts);
        data.put("notes", notes);
        data.put("sections", sections);
        data.put("tables", tables);
        // The JSON is ASCII, and the one character that could end the element is spelt out.
        return resource("page.html")
                .replace("@STYLE@", resource("page.css"))
                .replace("@SCRIPT@", resource("page.js"))
                .replace("@CHARTS@", charts())
                .replace("@DATA@", Json.write(data).replace("<", "\\u003c"));
    }

    /** Chart.js, without the line that makes browsers look for a source map. */
    private static String charts() throws IOException {
        // Chart.js is in no module, so the whole class path is searched for it.
        String script = text(ClassLoader.getSystemResourceAsStream(CHARTS), CHARTS);
        if (script.contains("</script")) {
            throw new IOException("the charting library cannot stand in a page");
        }
        return script.replaceAll("(?m)^//# sourceMappingURL=.*$", "");
    }

    private static String resource(String name) throws IOException {
        return text(HtmlPage.class.getResourceAsStream(name), name);
    }

    private static String text(@Nullable InputStream opened, String name) throws IOException {
        try (InputStream stream = opened) {
            if (stream == null) {
                throw new IOException(
                        "a part of the tool is missing; use its own jar, ...-cli.jar: part="
                                + name);
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
