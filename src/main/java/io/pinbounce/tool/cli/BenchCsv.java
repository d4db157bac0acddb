package io.pinbounce.tool.cli;

import io.pinbounce.tool.bench.BenchCell;
import io.pinbounce.tool.bench.BenchReport;
import io.pinbounce.tool.bench.RoundResult;
import io.pinbounce.tool.bench.RowResult;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** A benchmark's figures for spreadsheets. */
final class BenchCsv {

    private static final String[] NAMES = {
        "op",
        "pattern",
        "size",
        "mode",
        "guard",
        "store",
        "engine",
        "mibps",
        "spread",
        "iops",
        "usr",
        "sys",
        "cpuMicrosPerRequest",
        "copyMicros",
        "p50us",
        "p99us",
        "p999us",
        "refused"
    };

    private static final int FIGURES = 10;

    private BenchCsv() {}

    /** The names, then a line for each row and column. */
    static String of(BenchReport report) {
        Csv csv = new Csv(NAMES);
        for (RowResult result : report.rows()) {
            result.cells().forEach(cell -> csv.line(line(result, cell)));
        }
        return csv.toString();
    }

    private static List<@Nullable Object> line(RowResult result, BenchCell cell) {
        List<@Nullable Object> line =
                new ArrayList<>(
                        Arrays.asList(
                                BenchJson.lower(result.row().direction()),
                                BenchJson.lower(result.row().pattern()),
                                result.row().size(),
                                BenchJson.mode(cell.column()),
                                BenchJson.guard(cell.column()),
                                BenchJson.lower(cell.column().store()),
                                cell.engine()));
        if (cell.isPublished()) {
            line.addAll(figures(result, cell));
        } else {
            line.addAll(Collections.nCopies(FIGURES, null));
        }
        line.add(cell.refusal());
        return line;
    }

    private static List<Double> figures(RowResult result, BenchCell cell) {
        int size = result.row().size();
        return List.of(
                BenchJson.rounded(cell.median(round -> round.mibps(size))),
                BenchJson.rounded(cell.spread(RoundResult::iops)),
                BenchJson.rounded(cell.median(RoundResult::iops)),
                BenchJson.rounded(cell.user()),
                BenchJson.rounded(cell.system()),
                BenchJson.rounded(cell.median(RoundResult::cpuMicros)),
                BenchJson.rounded(result.copyMicros()),
                BenchJson.rounded(cell.latency().p50()),
                BenchJson.rounded(cell.latency().p99()),
                BenchJson.rounded(cell.latency().p999()));
    }
}
