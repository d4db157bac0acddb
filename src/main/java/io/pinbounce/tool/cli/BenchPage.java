package io.pinbounce.tool.cli;

import io.pinbounce.tool.bench.BenchCell;
import io.pinbounce.tool.bench.BenchReport;
import io.pinbounce.tool.bench.BenchRow;
import io.pinbounce.tool.bench.Column;
import io.pinbounce.tool.bench.NamedRatio;
import io.pinbounce.tool.bench.RoundResult;
import io.pinbounce.tool.bench.RowResult;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/** A benchmark's figures as pictures. */
final class BenchPage {

    private static final List<String> HEAD =
            List.of(
                    "row",
                    "size",
                    "column",
                    "engine",
                    "MiB/s",
                    "spread",
                    "IOPS",
                    "usr %",
                    "sys %",
                    "CPU us/request",
                    "copy us",
                    "p50 us",
                    "p99 us",
                    "p99.9 us");

    private final BenchReport report;

    private BenchPage(BenchReport report) {
        this.report = report;
    }

    /** The page. */
    static String of(BenchReport report, String command) throws IOException {
        HtmlPage page = new HtmlPage("Pinbounce bench");
        BenchFacts.of(report.machine(), report.target(), report.plan()).forEach(page::fact);
        page.fact("command", command).fact("took", Figures.took(report.took()));
        new BenchPage(report).fill(page);
        return page.write();
    }

    private void fill(HtmlPage page) {
        for (RowResult result : report.rows()) {
            for (BenchCell cell : result.cells()) {
                if (!cell.isPublished()) {
                    page.note(
                            "No figures for %s, %s: %s"
                                    .formatted(
                                            cell.column().label(),
                                            label(result.row()),
                                            cell.refusal()));
                }
            }
        }
        page.section(
                        "Bandwidth",
                        "Medians of all rounds; more is better. One chart a size.",
                        sizes().map(this::bandwidth).toList())
                .section(
                        "Processor time of a request",
                        "In user and kernel mode, medians of all rounds; less is better. One chart"
                                + " a size, since a longer request takes more.",
                        sizes().map(this::cpu).toList())
                .section(
                        "Latency",
                        "From the median over the 99th percentile, the point, to the 99.9th; left"
                                + " is better.",
                        titles().map(this::latency).toList())
                .section(
                        "Ratios of bandwidth",
                        "Medians, the points, with 95 % intervals, of ratios taken round by round;"
                                + " right is better.",
                        titles().map(this::ratios).toList())
                .section(
                        "What bouncing costs",
                        "Processor time that a bounced request takes beyond a pinned one, in plain"
                                + " copies of its size that were timed in the same rounds; left is"
                                + " better.",
                        Stream.of(copies()).filter(chart -> !chart.isEmpty()).toList())
                .table("All figures", HEAD, table())
                .table(
                        "All ratios",
                        List.of("row", "size", "what", "median", "low", "high"),
                        ratioTable());
    }

    private Stream<String> titles() {
        return report.rows().stream().map(result -> result.row().title()).distinct();
    }

    private Stream<Integer> sizes() {
        return report.rows().stream().map(result -> result.row().size()).distinct();
    }

    private List<RowResult> titled(String title) {
        return report.rows().stream().filter(row -> row.row().title().equals(title)).toList();
    }

    private static String label(BenchRow row) {
        return row.title() + ", " + ProbeReport.size(row.size());
    }

    private static String size(RowResult result) {
        return ProbeReport.size(result.row().size());
    }

    private Chart bandwidth(int size) {
        return bars(size, "MiB/s", cell -> cell.median(round -> round.mibps(size)));
    }

    private Chart cpu(int size) {
        return bars(size, "microseconds", cell -> cell.median(RoundResult::cpuMicros));
    }

    private Chart bars(int size, String unit, ToDoubleFunction<BenchCell> value) {
        List<RowResult> rows =
                report.rows().stream().filter(row -> row.row().size() == size).toList();
        Chart chart =
                new Chart(Chart.Kind.BARS, ProbeReport.size(size), unit)
                        .labels(rows.stream().map(row -> row.row().title()).toList());
        for (Column column : report.plan().columns()) {
            List<@Nullable Double> values = new ArrayList<>();
            for (RowResult result : rows) {
                values.add(
                        result.cells().stream()
                                .filter(cell -> cell.column() == column && cell.isPublished())
                                .map(value::applyAsDouble)
                                .findAny()
                                .orElse(null));
            }
            if (values.stream().anyMatch(each -> each != null)) {
                chart.bars(column.label(), values);
            }
        }
        return chart;
    }

    private Chart latency(String title) {
        Chart chart =
                new Chart(Chart.Kind.INTERVALS, title, "microseconds")
                        .scale(Chart.Scale.LOGARITHMIC);
        for (RowResult result : titled(title)) {
            for (BenchCell cell : result.cells()) {
                if (cell.isPublished()) {
                    String name = cell.column().label();
                    chart.interval(
                            size(result) + "  " + name,
                            name,
                            cell.latency().p50(),
                            cell.latency().p99(),
                            cell.latency().p999());
                }
            }
        }
        return chart;
    }

    private Chart ratios(String title) {
        Chart chart = new Chart(Chart.Kind.INTERVALS, title, "times").reference(1);
        for (RowResult result : titled(title)) {
            result.ratios().stream()
                    .filter(ratio -> !ratio.isCpu())
                    .forEach(ratio -> interval(chart, size(result) + "  " + ratio.what(), ratio));
        }
        return chart;
    }

    private Chart copies() {
        Chart chart =
                new Chart(Chart.Kind.INTERVALS, "Extra processor time of a bounce", "plain copies")
                        .reference(1);
        for (RowResult result : report.rows()) {
            result.ratios().stream()
                    .filter(ratio -> ratio.what().endsWith("/copy"))
                    .forEach(ratio -> interval(chart, label(result.row()), ratio));
        }
        return chart;
    }

    private static void interval(Chart chart, String label, NamedRatio named) {
        chart.interval(
                label,
                named.what(),
                named.ratio().low(),
                named.ratio().median(),
                named.ratio().high());
    }

    private List<List<String>> table() {
        List<List<String>> lines = new ArrayList<>();
        for (RowResult result : report.rows()) {
            for (BenchCell cell : result.cells()) {
                if (cell.isPublished()) {
                    lines.add(line(result, cell));
                }
            }
        }
        return lines;
    }

    private static List<String> line(RowResult result, BenchCell cell) {
        int size = result.row().size();
        return List.of(
                result.row().title(),
                size(result),
                cell.column().label(),
                cell.engine(),
                BenchText.digits(cell.median(round -> round.mibps(size))),
                BenchText.digits(100 * cell.spread(RoundResult::iops)) + " %",
                Figures.number(Math.round(cell.median(RoundResult::iops))),
                BenchText.digits(cell.user()),
                BenchText.digits(cell.system()),
                BenchText.digits(cell.median(RoundResult::cpuMicros)),
                BenchText.digits(result.copyMicros()),
                BenchText.digits(cell.latency().p50()),
                BenchText.digits(cell.latency().p99()),
                BenchText.digits(cell.latency().p999()));
    }

    private List<List<String>> ratioTable() {
        List<List<String>> lines = new ArrayList<>();
        for (RowResult result : report.rows()) {
            for (NamedRatio named : result.ratios()) {
                lines.add(
                        List.of(
                                result.row().title(),
                                size(result),
                                named.what(),
                                "%.3f".formatted(named.ratio().median()),
                                "%.3f".formatted(named.ratio().low()),
                                "%.3f".formatted(named.ratio().high())));
            }
        }
        return lines;
    }
}
