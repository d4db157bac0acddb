package io.pinbounce.tool.cli;

import io.pinbounce.Transfer;
import io.pinbounce.tool.torture.CellResult;
import io.pinbounce.tool.torture.TortureCell;
import io.pinbounce.tool.torture.TortureReport;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The torture test's result as pictures. */
final class TorturePage {

    private static final List<String> HEAD =
            List.of(
                    "case",
                    "depth",
                    "size",
                    "mode",
                    "engine",
                    "operations",
                    "disturbances",
                    "torn",
                    "refused",
                    "unreadable",
                    "verdict");

    private final TortureReport report;

    private TorturePage(TortureReport report) {
        this.report = report;
    }

    /** The page. */
    static String of(TortureReport report, TortureSetting setting, String command)
            throws IOException {
        TorturePage cells = new TorturePage(report);
        return new HtmlPage("Pinbounce torture: " + report.verdict())
                .fact("target", Printable.of(setting.target().path()))
                .fact("file system", setting.set().fileSystem())
                .fact(
                        "direct I/O",
                        setting.set().directIo() + ", because " + setting.set().directIoReason())
                .fact(
                        "queue engine",
                        setting.queue().engine() + ", because " + setting.queue().engineReason())
                .fact("kernel", "Linux " + System.getProperty("os.version"))
                .fact("command", command)
                .section(
                        "Torn operations",
                        "Of a hundred, by size and mode. PIN is the control and must tear; the"
                                + " others must not tear once. Where nothing guards the data, those"
                                + " that the target refused or could not read: PIN may show some.",
                        cells.titles().map(cells::chart).toList())
                .table("All figures", HEAD, cells.table())
                .write();
    }

    private static String title(CellResult result) {
        int depth = result.cell().depth();
        return result.cell().kind().label() + ", " + depth + " in flight";
    }

    private Stream<String> titles() {
        return report.cells().stream().map(TorturePage::title).distinct();
    }

    private Chart chart(String title) {
        List<CellResult> cells =
                report.cells().stream().filter(cell -> title(cell).equals(title)).toList();
        List<Integer> sizes =
                cells.stream().map(result -> result.cell().size()).distinct().toList();
        Chart chart =
                new Chart(Chart.Kind.BARS, title, "per cent torn")
                        .most(100)
                        .labels(sizes.stream().map(size -> ProbeReport.size(size)).toList());
        cells.stream()
                .map(result -> result.cell().mode())
                .distinct()
                .forEach(mode -> chart.bars(mode.name(), rates(cells, sizes, mode)));
        return chart;
    }

    private static List<@Nullable Double> rates(
            List<CellResult> cells, List<Integer> sizes, Transfer mode) {
        List<@Nullable Double> rates = new ArrayList<>();
        for (int size : sizes) {
            rates.add(
                    cells.stream()
                            .filter(each -> each.cell().size() == size)
                            .filter(each -> each.cell().mode() == mode)
                            .map(TorturePage::rate)
                            .findAny()
                            .orElse(null));
        }
        return rates;
    }

    private static double rate(CellResult result) {
        long operations = result.counts().operations();
        return operations == 0 ? 0 : 100.0 * result.counts().wrong() / operations;
    }

    private List<List<String>> table() {
        List<List<String>> lines = new ArrayList<>();
        for (CellResult result : report.cells()) {
            TortureCell cell = result.cell();
            lines.add(
                    List.of(
                            cell.kind().label(),
                            String.valueOf(cell.depth()),
                            ProbeReport.size(cell.size()),
                            cell.mode().name(),
                            result.engine(),
                            Figures.number(result.counts().operations()),
                            Figures.number(result.counts().mutations()),
                            Figures.number(result.counts().unmatched()),
                            Figures.number(result.counts().refused()),
                            Figures.number(result.counts().unreadable()),
                            result.verdict().label()));
        }
        return lines;
    }
}
