package io.pinbounce.tool.bench;

import io.pinbounce.DirectQueue;
import io.pinbounce.Engine;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * What to measure, and how long that may take.
 *
 * @param rows in this order, reads before writes
 * @param columns that take turns in each row
 * @param depth requests at once
 * @param engine what moves the data
 * @param rounds turns of each column in a row
 * @param total for everything, shared evenly by the rows
 * @param span bytes of the target that are used, a power of two; 0 for as many as its speed allows
 */
public record BenchPlan(
        List<BenchRow> rows,
        List<Column> columns,
        int depth,
        Engine engine,
        int rounds,
        Duration total,
        long span) {

    /** The shortest turn that gives a figure. */
    public static final Duration SHORTEST_TURN = Duration.ofMillis(10);

    /** The most bytes of the target that are used by default. */
    static final long MAX_SPAN = 64L << 20;

    static final long MIN_SPAN = 16L << 20;

    /** Checks that it can be done, and in that time. */
    public BenchPlan {
        rows = List.copyOf(rows);
        columns = List.copyOf(columns);
        Objects.requireNonNull(engine, "engine");
        if (rows.isEmpty() || columns.isEmpty()) {
            throw new IllegalArgumentException("a run has at least one row and one column");
        }
        if (depth < 1 || depth > DirectQueue.MAX_DEPTH) {
            throw new IllegalArgumentException(
                    "a queue has a depth of 1 to " + DirectQueue.MAX_DEPTH + ": depth=" + depth);
        }
        if (rounds < Ratio.FEWEST || rounds > Ratio.MOST) {
            throw new IllegalArgumentException(
                    "a ratio's interval takes "
                            + (Ratio.FEWEST + " to " + Ratio.MOST)
                            + (" rounds: rounds=" + rounds));
        }
        Duration turns = Duration.ofMillis(SHORTEST_TURN.toMillis() * turns(rows, columns, rounds));
        if (total.compareTo(turns) < 0) {
            throw new IllegalArgumentException(
                    "that is too little time for so many rows, columns and rounds: total="
                            + (total.toMillis() + " ms needed=" + turns.toMillis() + " ms"));
        }
        long needed = needed(rows, depth);
        if (span != 0 && (span < needed || Long.bitCount(span) != 1)) {
            throw new IllegalArgumentException(
                    "the part of the target that is used has 16m, 32m, 64m ..., and room for all"
                            + (" requests at once: size=" + span + " needed=" + needed));
        }
    }

    private static long turns(List<BenchRow> rows, List<Column> columns, int rounds) {
        return rows.stream()
                .mapToLong(row -> columns.stream().filter(c -> c.moves(row.direction())).count())
                .map(count -> count * (rounds + 1L))
                .sum();
    }

    /** Room for requests that do not wait for each other. */
    private static long needed(List<BenchRow> rows, int depth) {
        long most = rows.stream().mapToLong(row -> (long) row.size() * depth).max().orElseThrow();
        return Math.max(MIN_SPAN, Long.highestOneBit(2 * most - 1));
    }

    /** The smallest part of the target that will do. */
    long neededSpan() {
        return needed(rows, depth);
    }

    /** The largest request times the depth. */
    long memory() {
        return rows.stream().mapToLong(row -> (long) row.size() * depth).max().orElseThrow();
    }

    /** The columns that take turns in a row. */
    List<Column> columnsOf(BenchRow row) {
        return columns.stream().filter(column -> column.moves(row.direction())).toList();
    }
}
