package io.pinbounce.tool.cli;

import io.pinbounce.Geometry;
import io.pinbounce.pi.PiFormat;
import io.pinbounce.tool.bench.BenchCell;
import io.pinbounce.tool.bench.BenchReport;
import io.pinbounce.tool.bench.BenchTarget;
import io.pinbounce.tool.bench.Column;
import io.pinbounce.tool.bench.Machine;
import io.pinbounce.tool.bench.NamedRatio;
import io.pinbounce.tool.bench.RoundResult;
import io.pinbounce.tool.bench.RowResult;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A benchmark's figures for programs. */
final class BenchJson {

    private BenchJson() {}

    /**
     * One object. A cell without figures has nulls for them, and {@code refused}, which says why.
     *
     * @param command that was typed
     */
    static String of(BenchReport report, String command) {
        List<Object> rows = new ArrayList<>();
        List<Object> ratios = new ArrayList<>();
        for (RowResult result : report.rows()) {
            result.cells().forEach(cell -> rows.add(cell(result, cell)));
            result.ratios().forEach(ratio -> ratios.add(ratio(result, ratio)));
        }
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("machine", machine(report.machine()));
        json.put("target", target(report.target()));
        json.put("command", command);
        json.put("depth", report.plan().depth());
        json.put("seconds", rounded(report.took().toMillis() / 1000.0));
        json.put("rows", rows);
        json.put("ratios", ratios);
        return Json.write(json);
    }

    private static Map<String, @Nullable Object> machine(Machine machine) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("kernel", machine.kernel());
        json.put("processor", machine.processor());
        json.put("processors", machine.processors());
        json.put("features", machine.features());
        json.put("guards", machine.guards());
        json.put("memory", machine.memoryBytes());
        json.put("java", machine.java());
        json.put("load", machine.load());
        return json;
    }

    private static Map<String, @Nullable Object> target(BenchTarget target) {
        Geometry geometry = target.geometry();
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("path", target.path().toString());
        json.put("span", target.span());
        json.put("fileSystem", geometry.fileSystem());
        json.put("device", geometry.device());
        json.put("queue", Machine.queues(geometry.device()));
        json.put("directIo", geometry.directIo());
        json.put("directIoReason", geometry.directIoReason());
        json.put("memoryAlignment", geometry.memoryAlignment());
        json.put("readAlignment", geometry.readAlignment());
        json.put("writeAlignment", geometry.writeAlignment());
        json.put("logicalBlock", geometry.logicalBlock());
        json.put("largestTransfer", geometry.largestTransfer());
        json.put("engine", target.engine());
        json.put("engineReason", target.engineReason());
        return json;
    }

    private static Map<String, @Nullable Object> cell(RowResult result, BenchCell cell) {
        int size = result.row().size();
        boolean known = cell.isPublished();
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("op", lower(result.row().direction()));
        json.put("pattern", lower(result.row().pattern()));
        json.put("size", size);
        json.put("mode", mode(cell.column()));
        json.put("guard", guard(cell.column()));
        json.put("store", lower(cell.column().store()));
        json.put("engine", cell.engine());
        json.put("mibps", known ? rounded(cell.median(round -> round.mibps(size))) : null);
        json.put("iops", known ? rounded(cell.median(RoundResult::iops)) : null);
        json.put("usr", known ? rounded(cell.user()) : null);
        json.put("sys", known ? rounded(cell.system()) : null);
        json.put(
                "cpuMicrosPerRequest", known ? rounded(cell.median(RoundResult::cpuMicros)) : null);
        json.put("copyMicros", rounded(result.copyMicros()));
        json.put("p50us", known ? rounded(cell.latency().p50()) : null);
        json.put("p99us", known ? rounded(cell.latency().p99()) : null);
        json.put("p999us", known ? rounded(cell.latency().p999()) : null);
        if (!known) {
            json.put("refused", cell.refusal());
        }
        json.put("rounds", cell.rounds().stream().map(round -> round(round, size)).toList());
        return json;
    }

    private static Map<String, @Nullable Object> round(RoundResult round, int size) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("mibps", rounded(round.mibps(size)));
        json.put("iops", rounded(round.iops()));
        json.put("cpuMicrosPerRequest", rounded(round.cpuMicros()));
        return json;
    }

    private static Map<String, @Nullable Object> ratio(RowResult result, NamedRatio named) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("what", named.what());
        json.put("size", result.row().size());
        json.put("op", lower(result.row().direction()));
        json.put("pattern", lower(result.row().pattern()));
        json.put("median", rounded(named.ratio().median()));
        json.put("low", rounded(named.ratio().low()));
        json.put("high", rounded(named.ratio().high()));
        return json;
    }

    /** How the data moves; guard and store say the rest. */
    static String mode(Column column) {
        return switch (column) {
            case PIN -> "PIN";
            case BOUNCE, BOUNCE_16B, BOUNCE_64B -> "BOUNCE";
            case JOURNAL -> "JOURNAL";
            case LAZY -> "LAZY";
            case FIO -> "FIO";
            case FIO_BEST -> "FIO_BEST";
        };
    }

    /** The format of the guards. */
    static String guard(Column column) {
        PiFormat format = column.format();
        return format == null ? "none" : FormatName.of(format);
    }

    static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /** Nothing behind the third digit after the point has been measured. */
    static double rounded(double value) {
        return Math.round(value * 1e3) / 1e3;
    }
}
