package io.pinbounce.tool.cli;

import io.pinbounce.Engine;
import io.pinbounce.tool.bench.AccessPattern;
import io.pinbounce.tool.bench.BenchPlan;
import io.pinbounce.tool.bench.BenchRow;
import io.pinbounce.tool.bench.Column;
import io.pinbounce.tool.bench.Direction;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What to measure, and for how long. */
final class BenchOptions {

    private static final double SECONDS = 105;

    private static final double QUICK_SECONDS = 21;

    /** What each turn of fio takes beside what it measures. */
    private static final double FIO_SECONDS = 0.5;

    private static final int ROUNDS = 6;

    private static final List<Column> FIO = List.of(Column.FIO, Column.FIO_BEST);

    @Option(
            names = "--sizes",
            split = ",",
            paramLabel = "BYTES",
            converter = ByteSize.class,
            defaultValue = "4k,64k,1m",
            description = "Bytes in a request, k and m allowed. Default: ${DEFAULT-VALUE}.")
    private List<Integer> sizes = List.of();

    @Option(
            names = "--ops",
            split = ",",
            paramLabel = "OP",
            defaultValue = "read,write",
            description = "Default: ${DEFAULT-VALUE}.")
    private List<Direction> directions = List.of();

    @Option(
            names = "--patterns",
            split = ",",
            paramLabel = "PATTERN",
            description = "Default: sequential,random; with --quick sequential.")
    private List<AccessPattern> patterns = List.of();

    @Option(
            names = "--columns",
            split = ",",
            paramLabel = "COLUMN",
            converter = ColumnName.class,
            defaultValue = "pin,bounce,bounce+16b,bounce+64b,journal,lazy",
            description =
                    "How the data moves: bounce+16b and bounce+64b guard it as well, journal keeps"
                            + " the guards in a sidecar, lazy reads pinned and verifies."
                            + " Default: ${DEFAULT-VALUE}.")
    private List<Column> columns = List.of();

    @Option(
            names = "--depth",
            paramLabel = "N",
            defaultValue = "16",
            description = "Requests in flight. Default: ${DEFAULT-VALUE}.")
    private int depth;

    @Option(
            names = "--engine",
            paramLabel = "ENGINE",
            converter = EngineName.class,
            defaultValue = "auto",
            description =
                    "What moves the data: uring fails where io_uring is forbidden; syscall uses"
                            + " threads; auto, the default, takes what it can get.")
    private Engine engine = Engine.AUTO;

    @Option(
            names = "--size",
            paramLabel = "BYTES",
            converter = ByteSize.class,
            description =
                    "How much of the target is used, from its start. Default: 16m to 64m, as its"
                            + " speed allows.")
    private @Nullable Integer span;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "" + ROUNDS,
            description =
                    "Turns of each column in a row, 6 or more. More narrow the intervals down."
                            + " Default: ${DEFAULT-VALUE}.")
    private int rounds;

    @Option(
            names = "--seconds",
            paramLabel = "S",
            description =
                    "Time for the run, but for the starts of fio, half a second each. Default: 105,"
                            + " with --quick 21.")
    private @Nullable Double seconds;

    @Option(names = "--quick", description = "Less time, and sequential only.")
    private boolean quick;

    @Option(
            names = "--fio",
            description = "Let fio take turns, with its default flags and with its best ones.")
    private boolean fio;

    /** Columns by the names in the table. */
    private static final class ColumnName implements ITypeConverter<Column> {

        @Override
        public Column convert(String value) {
            return Arrays.stream(Column.values())
                    .filter(column -> !column.isFio() && name(column).equals(lower(value)))
                    .findAny()
                    .orElseThrow(() -> new TypeConversionException(refusal(value)));
        }

        private static String refusal(String value) {
            return "there is no column '"
                    + value
                    + "', only "
                    + Arrays.stream(Column.values())
                            .filter(column -> !column.isFio())
                            .map(ColumnName::name)
                            .collect(Collectors.joining(", "));
        }

        private static String name(Column column) {
            return lower(column.label());
        }

        private static String lower(String text) {
            return text.toLowerCase(Locale.ROOT);
        }
    }

    boolean wantsFio() {
        return fio;
    }

    BenchPlan plan() {
        List<AccessPattern> usual =
                quick
                        ? List.of(AccessPattern.SEQUENTIAL)
                        : List.of(AccessPattern.SEQUENTIAL, AccessPattern.RANDOM);
        List<BenchRow> rows =
                BenchRow.all(directions, patterns.isEmpty() ? usual : patterns, sizes);
        List<Column> all = new ArrayList<>(columns);
        all.addAll(fio ? FIO : List.of());
        return new BenchPlan(
                rows, all, depth, engine, rounds, total(rows.size()), span == null ? 0 : span);
    }

    private Duration total(int rows) {
        double starts = fio ? FIO_SECONDS * FIO.size() * rows * (rounds + 1) : 0;
        double chosen = seconds == null ? (quick ? QUICK_SECONDS : SECONDS) : seconds;
        return Duration.ofMillis(Math.round((chosen + starts) * 1000));
    }
}
