package io.pinbounce.tool.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

class RatiosTest {

    private static final int ROUNDS = 6;

    private static final Latency LATENCY = new Latency(1, 2, 3);

    /** Rounds that drift: those of all columns drift alike. */
    private static BenchCell cell(Column column, double iops, double cpuMicros) {
        List<RoundResult> rounds =
                IntStream.rangeClosed(1, ROUNDS)
                        .mapToObj(i -> new RoundResult(i * iops, cpuMicros, 0.5))
                        .toList();
        return new BenchCell(column, "io_uring", rounds, 0.25, LATENCY, "");
    }

    private static RowResult row(BenchCell... cells) {
        return new RowResult(
                new BenchRow(Direction.READ, AccessPattern.SEQUENTIAL, 4096),
                List.of(cells),
                Collections.nCopies(ROUNDS, 500.0));
    }

    @Test
    void ratiosAreTakenRoundByRound() {
        RowResult row = row(cell(Column.PIN, 1000, 4), cell(Column.BOUNCE, 900, 4.6));
        List<NamedRatio> ratios = row.ratios();
        assertEquals(
                List.of("BOUNCE/PIN", "cpu (BOUNCE-PIN)/copy"),
                ratios.stream().map(NamedRatio::what).toList());
        assertEquals(new Ratio(0.9, 0.9, 0.9), ratios.getFirst().ratio());
        assertFalse(ratios.getFirst().isCpu());
        assertEquals(1.2, ratios.getLast().ratio().median(), 1e-9);
    }

    @Test
    void whatBouncingAddsMayBeNegative() {
        List<NamedRatio> ratios =
                row(cell(Column.PIN, 1000, 4), cell(Column.BOUNCE, 900, 3.5)).ratios();
        assertEquals(-1, ratios.getLast().ratio().median(), 1e-9);
    }

    @Test
    void fioIsComparedByProcessorTimeToo() {
        List<NamedRatio> ratios =
                row(cell(Column.PIN, 1000, 4), cell(Column.FIO_BEST, 1000, 2)).ratios();
        assertEquals(
                List.of("PIN/fio best", "cpu PIN/fio best"),
                ratios.stream().map(NamedRatio::what).toList());
        assertEquals(2, ratios.getLast().ratio().median(), 1e-9);
    }

    @Test
    void fioIsComparedBySpeedAloneIfItsProcessorTimeIsTooShortToCount() {
        List<NamedRatio> ratios =
                row(cell(Column.PIN, 1000, 4), cell(Column.FIO, 1000, 0)).ratios();
        assertEquals(List.of("PIN/fio"), ratios.stream().map(NamedRatio::what).toList());
    }

    @Test
    void aRefusedColumnIsNotCompared() {
        BenchCell refused = BenchCell.refused(Column.BOUNCE, "io_uring", "it was pinned");
        assertEquals(List.of(), row(cell(Column.PIN, 1000, 4), refused).ratios());
    }

    @Test
    void figuresAreMediansOfRounds() {
        BenchCell cell = cell(Column.PIN, 1000, 4);
        assertEquals(3500, cell.median(RoundResult::iops), 1e-9);
        assertEquals(3500 / 256.0, cell.median(round -> round.mibps(4096)), 1e-9);
        assertEquals(2500.0 / 3500, cell.spread(RoundResult::iops), 1e-9);
        assertEquals(12.5, cell.user(), 1e-9);
        assertEquals(37.5, cell.system(), 1e-9);
    }

    @Test
    void aDifferenceMustBeAFiniteNumber() {
        assertThrows(IllegalArgumentException.class, () -> Ratio.ofAny(1, 1, Double.NaN, 1, 1, 1));
        assertThrows(
                IllegalArgumentException.class,
                () -> Ratio.ofAny(1, 1, Double.NEGATIVE_INFINITY, 1, 1, 1));
    }
}
