package io.pinbounce.tool.cli;

import io.pinbounce.DirectIoStatus;
import io.pinbounce.Engine;
import io.pinbounce.Geometry;
import io.pinbounce.StablePages;
import io.pinbounce.tool.bench.AccessPattern;
import io.pinbounce.tool.bench.BenchCell;
import io.pinbounce.tool.bench.BenchPlan;
import io.pinbounce.tool.bench.BenchReport;
import io.pinbounce.tool.bench.BenchRow;
import io.pinbounce.tool.bench.BenchTarget;
import io.pinbounce.tool.bench.Column;
import io.pinbounce.tool.bench.Direction;
import io.pinbounce.tool.bench.Latency;
import io.pinbounce.tool.bench.Machine;
import io.pinbounce.tool.bench.RoundResult;
import io.pinbounce.tool.bench.RowResult;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Results of benchmarks that never ran. */
final class BenchSamples {

    private static final int ROUNDS = 6;

    private BenchSamples() {}

    static Machine machine() {
        return new Machine(
                "7.3.0", "A Processor", 4, List.of("avx2"), "vpclmul512", 8L << 30, "25.0.3", 0.5);
    }

    static BenchTarget target(String path) {
        Geometry geometry =
                new Geometry(
                        512,
                        4096,
                        4096,
                        512,
                        4096,
                        1 << 20,
                        2L << 30,
                        0,
                        0,
                        new StablePages(false, false, "nothing needs them", List.of()),
                        DirectIoStatus.DIRECT,
                        "statx says so",
                        "ext4",
                        "",
                        Map.of());
        Path data = Path.of(path);
        Path sidecar = Path.of(path + ".pi");
        return new BenchTarget(data, sidecar, geometry, 64 << 20, "io_uring", "it may be used");
    }

    static BenchCell cell(Column column, double iops, double cpuMicros) {
        List<RoundResult> rounds =
                IntStream.range(0, ROUNDS)
                        .mapToObj(i -> new RoundResult(iops * (1 + i / 10.0), cpuMicros, 0.8))
                        .toList();
        Latency latency = new Latency(48.5, 123.4, 12_345.6);
        return new BenchCell(column, "io_uring", rounds, 0.25, latency, "");
    }

    static BenchCell refused(Column column) {
        return new BenchCell(
                column, "io_uring", List.of(), 0, new Latency(0, 0, 0), "it was \"other\", <b>");
    }

    static RowResult row(Direction direction, int size, BenchCell... cells) {
        return new RowResult(
                new BenchRow(direction, AccessPattern.SEQUENTIAL, size),
                List.of(cells),
                Collections.nCopies(ROUNDS, 350.0));
    }

    static BenchReport report(String path, RowResult... rows) {
        BenchPlan plan =
                new BenchPlan(
                        List.of(rows).stream().map(RowResult::row).toList(),
                        List.of(Column.values()),
                        16,
                        Engine.AUTO,
                        ROUNDS,
                        Duration.ofSeconds(25),
                        0);
        return new BenchReport(
                machine(), target(path), plan, List.of(rows), Duration.ofMillis(24_400));
    }
}
