package io.pinbounce.tool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.tool.bench.BenchReport;
import io.pinbounce.tool.bench.Column;
import io.pinbounce.tool.bench.Direction;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

final class HtmlPageTest {

    private static final Pattern DATA =
            Pattern.compile(
                    "<script type=\"application/json\" id=\"data\">\n(.*?)\n</script>",
                    Pattern.DOTALL);

    private static final Pattern ELEMENT = Pattern.compile("</?(script|style)\\b");

    private static final BenchReport REPORT =
            BenchSamples.report(
                    "evil</script><script>alert(1)</script><!--",
                    BenchSamples.row(
                            Direction.READ,
                            4096,
                            BenchSamples.cell(Column.PIN, 300_000, 2.5),
                            BenchSamples.cell(Column.BOUNCE, 291_000, 2.92)),
                    BenchSamples.row(
                            Direction.WRITE,
                            4096,
                            BenchSamples.cell(Column.PIN, 300_000, 2.5),
                            BenchSamples.refused(Column.BOUNCE)));

    private static String page() throws IOException {
        return BenchPage.of(REPORT, "pinbounce bench '<img src=x onerror=alert(1)>'");
    }

    private static String data(String page) {
        Matcher matcher = DATA.matcher(page);
        assertTrue(matcher.find());
        return matcher.group(1);
    }

    @Test
    void noTextEndsTheElementThatHoldsIt() throws IOException {
        String page = page();
        String data = data(page);
        assertFalse(data.contains("<"), data);
        assertTrue(data.contains("evil\\u003c/script>\\u003cscript>alert(1)"), data);
        assertTrue(data.contains("\\u003cimg src=x onerror=alert(1)>"), data);
        assertTrue(data.contains("it was \\\"other\\\", \\u003cb>"), data);
        assertEquals(8, ELEMENT.matcher(page).results().count(), "three scripts, one style");
    }

    @Test
    void theScriptTurnsDataIntoTextAlone() throws IOException {
        assertFalse(page().contains("innerHTML ="));
        assertFalse(page().contains("insertAdjacentHTML"));
    }

    @Test
    void thePageLoadsNothing() throws IOException {
        String page = page();
        assertTrue(page.contains("content=\"default-src 'none';"));
        assertFalse(page.contains("sourceMappingURL"));
        assertFalse(page.contains("@DATA@"));
        assertFalse(page.contains("<link"));
        assertTrue(page.contains("Chart.js Contributors"), "the notice that the licence asks for");
        assertTrue(page.contains("Released under the MIT License"));
        assertTrue(page.contains("prefers-color-scheme: dark"));
    }

    @Test
    @SuppressWarnings("unchecked")
    void chartsAndTablesHoldTheFigures() throws IOException {
        String json = data(page()).replaceAll("\\\\u....", "").replaceAll("\\bnull\\b", "0");
        Map<String, Object> data = (Map<String, Object>) JsonReader.read(json);
        List<Object> sections = (List<Object>) Objects.requireNonNull(data.get("sections"));
        assertEquals(
                List.of(
                        "Bandwidth",
                        "Processor time of a request",
                        "Latency",
                        "Ratios of bandwidth",
                        "What bouncing costs"),
                sections.stream()
                        .map(section -> ((Map<String, Object>) section).get("heading"))
                        .toList());
        List<Object> notes = (List<Object>) Objects.requireNonNull(data.get("notes"));
        assertEquals(1, notes.size());
        List<Object> tables = (List<Object>) Objects.requireNonNull(data.get("tables"));
        Map<String, Object> figures = (Map<String, Object>) tables.getFirst();
        assertEquals(3, ((List<Object>) Objects.requireNonNull(figures.get("rows"))).size());
    }

    @Test
    void fieldsOfCsvAreQuotedWhereTheyMustBe() {
        Csv csv = new Csv("a", "b");
        csv.line(List.of("x,y", "say \"no\"\n", 1.5));
        assertEquals("a,b\n\"x,y\",\"say \"\"no\"\"\n\",1.5\n", csv.toString());
    }

    @Test
    void aLineOfCsvHasAFieldForEveryName() {
        List<String> lines = BenchCsv.of(REPORT).lines().toList();
        assertEquals(5, lines.size());
        assertTrue(lines.getFirst().startsWith("op,pattern,size,mode,guard,store,engine,mibps,"));
        assertEquals(
                "read,sequential,4096,PIN,none,none,io_uring,1464.844,0.2,375000.0,20.0,60.0,2.5,"
                        + "0.35,48.5,123.4,12345.6,",
                lines.get(1));
        assertEquals(
                "write,sequential,4096,BOUNCE,none,none,io_uring,,,,,,,,,,,"
                        + "\"it was \"\"other\"\", <b>\"",
                lines.get(4));
    }
}
