package io.pinbounce.tool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.tool.bench.AccessPattern;
import io.pinbounce.tool.bench.BenchCell;
import io.pinbounce.tool.bench.BenchReport;
import io.pinbounce.tool.bench.BenchRow;
import io.pinbounce.tool.bench.Column;
import io.pinbounce.tool.bench.Direction;
import io.pinbounce.tool.bench.RowResult;

import org.junit.jupiter.api.Test;

import picocli.CommandLine.Help.Ansi;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

final class BenchTextTest {

    private static final RowResult ROW =
            BenchSamples.row(
                    Direction.READ,
                    4096,
                    BenchSamples.cell(Column.PIN, 300_000, 2.5),
                    BenchSamples.cell(Column.BOUNCE, 291_000, 2.92),
                    BenchSamples.refused(Column.LAZY));

    private static String text(Consumer<BenchText> print) {
        StringWriter out = new StringWriter();
        print.accept(new BenchText(new PrintWriter(out), Ansi.OFF));
        return out.toString();
    }

    @Test
    void aRowIsASmallTableWithItsRatios() {
        assertEquals(
                """
                sequential read, 4 KiB
                                   MiB/s spread       IOPS  usr %  sys % CPU us/rq    p50 us    \
                p99 us  p99.9 us
                  PIN              1,465   20 %    375,000     20     60      2.50      48.5       \
                123    12,346
                  BOUNCE           1,421   20 %    363,750     20     60      2.92      48.5       \
                123    12,346
                  LAZY         no figures: it was "other", <b>
                  plain copy                                                   0.35
                  BOUNCE/PIN             0.97 [0.97 0.97]         cpu (BOUNCE-PIN)/copy  1.20 \
                [1.20 1.20]

                """,
                text(text -> text.row(ROW)));
    }

    @Test
    void nothingIsWiderThanATerminal() {
        RowResult wide =
                BenchSamples.row(
                        Direction.WRITE,
                        1 << 20,
                        List.of(Column.values()).stream()
                                .map(column -> BenchSamples.cell(column, 1e6, 123_456))
                                .toArray(BenchCell[]::new));
        text(text -> text.row(wide))
                .lines()
                .forEach(line -> assertTrue(line.length() <= 100, () -> line));
    }

    @Test
    void theHeaderSaysWhereAndOnWhat() {
        BenchReport report = BenchSamples.report("data", ROW);
        String header = text(t -> t.header(report.machine(), report.target(), report.plan(), true));
        for (String line :
                List.of(
                        "target:      data (ext4, the first 64 MiB), removed afterwards",
                        "device:      unknown",
                        "direct I/O:  DIRECT, because statx says so",
                        "engine:      io_uring, because it may be used",
                        "kernel:      Linux 7.3.0, Java 25.0.3",
                        "processor:   A Processor, 4 processors, 8 GiB, load 0.50",
                        "guards:      vpclmul512",
                        "features:    avx2")) {
            assertTrue(header.contains("\n" + line + "\n"), header);
        }
    }

    @Test
    void theEndSaysWhatIsMissing() {
        String end = text(t -> t.end(BenchSamples.report("data", ROW), "pinbounce bench"));
        assertTrue(end.startsWith("INCOMPLETE: 1 column ran in another way"), end);
        assertTrue(end.endsWith("Took 24 s. To repeat: pinbounce bench\n"), end);
    }

    @Test
    void progressFitsALine() {
        String line =
                BenchLine.text(
                        new BenchRow(Direction.WRITE, AccessPattern.SEQUENTIAL, 64 << 10),
                        Column.FIO_BEST,
                        6,
                        Duration.ofSeconds(83));
        assertEquals("sequential write  64 KiB  fio best     round 6  1:23 left", line);
    }
}
