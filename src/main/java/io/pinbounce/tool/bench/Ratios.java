package io.pinbounce.tool.bench;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** Which columns are compared, and how. */
final class Ratios {

    private static final double NANOS_PER_MICRO = 1e3;

    private record Pair(Column ours, Column theirs) {}

    private static final List<Pair> SPEED =
            List.of(
                    new Pair(Column.BOUNCE, Column.PIN),
                    new Pair(Column.BOUNCE_16B, Column.BOUNCE),
                    new Pair(Column.BOUNCE_64B, Column.BOUNCE),
                    new Pair(Column.JOURNAL, Column.BOUNCE),
                    new Pair(Column.LAZY, Column.PIN),
                    new Pair(Column.LAZY, Column.BOUNCE_16B),
                    new Pair(Column.PIN, Column.FIO),
                    new Pair(Column.PIN, Column.FIO_BEST));

    private static final List<Pair> CPU =
            List.of(new Pair(Column.PIN, Column.FIO), new Pair(Column.PIN, Column.FIO_BEST));

    private final RowResult result;

    private final List<NamedRatio> found = new ArrayList<>();

    private Ratios(RowResult result) {
        this.result = result;
    }

    static List<NamedRatio> of(RowResult result) {
        Ratios ratios = new Ratios(result);
        SPEED.forEach(pair -> ratios.compare("", pair, RoundResult::iops));
        CPU.forEach(pair -> ratios.compare("cpu ", pair, RoundResult::cpuMicros));
        ratios.copies();
        return List.copyOf(ratios.found);
    }

    private void compare(String prefix, Pair pair, ToDoubleFunction<RoundResult> value) {
        BenchCell ours = cell(pair.ours());
        BenchCell theirs = cell(pair.theirs());
        if (ours != null && theirs != null && isCounted(ours, value) && isCounted(theirs, value)) {
            double[] each =
                    rounds(
                            ours.rounds().size(),
                            i ->
                                    value.applyAsDouble(ours.rounds().get(i))
                                            / value.applyAsDouble(theirs.rounds().get(i)));
            String name = pair.ours().label() + "/" + pair.theirs().label();
            found.add(new NamedRatio(prefix + name, Ratio.of(each)));
        }
    }

    /** Processor time of fio is counted in ticks, and of a short turn there may be none. */
    private static boolean isCounted(BenchCell cell, ToDoubleFunction<RoundResult> value) {
        return cell.rounds().stream().allMatch(round -> value.applyAsDouble(round) > 0);
    }

    /** What bouncing adds may be less than the noise, and so be negative. */
    private void copies() {
        BenchCell pinned = cell(Column.PIN);
        BenchCell bounced = cell(Column.BOUNCE);
        if (pinned != null && bounced != null) {
            double[] each =
                    rounds(
                            pinned.rounds().size(),
                            i ->
                                    (bounced.rounds().get(i).cpuMicros()
                                                    - pinned.rounds().get(i).cpuMicros())
                                            * NANOS_PER_MICRO
                                            / result.copyNanos().get(i));
            found.add(new NamedRatio("cpu (BOUNCE-PIN)/copy", Ratio.ofAny(each)));
        }
    }

    private static double[] rounds(int count, IntToDoubleFunction value) {
        return IntStream.range(0, count).mapToDouble(value).toArray();
    }

    private @Nullable BenchCell cell(Column column) {
        return result.cells().stream()
                .filter(cell -> cell.column() == column && cell.isPublished())
                .findAny()
                .orElse(null);
    }
}
