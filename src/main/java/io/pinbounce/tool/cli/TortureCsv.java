package io.pinbounce.tool.cli;

import io.pinbounce.tool.torture.CellResult;
import io.pinbounce.tool.torture.TortureCell;
import io.pinbounce.tool.torture.TortureReport;

import java.util.List;

/** The torture test's result for spreadsheets. */
final class TortureCsv {

    private TortureCsv() {}

    /** The names, then a line for each case, size and mode. */
    static String of(TortureReport report) {
        Csv csv =
                new Csv(
                        "case",
                        "depth",
                        "size",
                        "mode",
                        "engine",
                        "operations",
                        "mutations",
                        "torn",
                        "refused",
                        "unreadable",
                        "falseErrors",
                        "misplaced",
                        "verdict");
        report.cells().forEach(result -> csv.line(line(result)));
        return csv.toString();
    }

    private static List<Object> line(CellResult result) {
        TortureCell cell = result.cell();
        CellResult.Counts counts = result.counts();
        return List.of(
                cell.kind().label(),
                cell.depth(),
                cell.size(),
                cell.mode(),
                result.engine(),
                counts.operations(),
                counts.mutations(),
                counts.torn(),
                counts.refused(),
                counts.unreadable(),
                counts.falseErrors(),
                counts.misplaced(),
                result.verdict().label());
    }
}
