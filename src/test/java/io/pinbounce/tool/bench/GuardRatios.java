package io.pinbounce.tool.bench;

import static io.pinbounce.tool.bench.GuardContestant.COPY;
import static io.pinbounce.tool.bench.GuardContestant.COPY_THEN_ISAL;
import static io.pinbounce.tool.bench.GuardContestant.GUARDED_COPY;
import static io.pinbounce.tool.bench.GuardContestant.ISAL_CRC16;
import static io.pinbounce.tool.bench.GuardContestant.ISAL_CRC32C;
import static io.pinbounce.tool.bench.GuardContestant.ISAL_CRC64;
import static io.pinbounce.tool.bench.GuardContestant.JAVA_CRC16;
import static io.pinbounce.tool.bench.GuardContestant.JAVA_CRC32C;
import static io.pinbounce.tool.bench.GuardContestant.JAVA_CRC64;
import static io.pinbounce.tool.bench.GuardContestant.NATIVE_CRC16;
import static io.pinbounce.tool.bench.GuardContestant.NATIVE_CRC32C;
import static io.pinbounce.tool.bench.GuardContestant.NATIVE_CRC64;
import static io.pinbounce.tool.bench.GuardContestant.SLICING_CRC16;

import io.pinbounce.buffer.PinnedArena;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which guards are faster, and by how much: ratios of interleaved pairs, each with an interval that
 * holds the true median with at least 95 % probability, beside the target where there is one. A
 * target is missed if the whole interval lies below it.
 *
 * <p>{@code mvn test-compile exec:exec@bench -Dbench.main=io.pinbounce.tool.bench.GuardRatios}
 * takes a minute and 2 GiB of memory; {@code -Dbench.args=PATTERN} chooses rows by their text.
 */
public final class GuardRatios {

    private static final int PAIRS = 31;

    private static final long KIB = 1 << 10;

    private static final long MIB = 1 << 20;

    private static final long GIB = 1 << 30;

    /** A side of a pair is the best of so many batches, or one pass over more than a batch. */
    private static final int BATCHES = 5;

    private static final long BATCH = 16 * MIB;

    private static final long WARM_UP_NANOS = 300_000_000;

    private static final double NO_TARGET = 0;

    /** What is compared. */
    static final List<Row> ROWS =
            List.of(
                    new Row(NATIVE_CRC16, ISAL_CRC16, 4 * KIB, 1.0),
                    new Row(NATIVE_CRC16, ISAL_CRC16, 64 * KIB, 1.0),
                    new Row(NATIVE_CRC32C, ISAL_CRC32C, 4 * KIB, NO_TARGET),
                    new Row(NATIVE_CRC64, ISAL_CRC64, 4 * KIB, NO_TARGET),
                    new Row(NATIVE_CRC64, NATIVE_CRC16, 4 * KIB, 1.2),
                    new Row(NATIVE_CRC64, NATIVE_CRC16, 64 * KIB, 1.2),
                    new Row(NATIVE_CRC16, JAVA_CRC16, 4 * KIB, NO_TARGET),
                    new Row(NATIVE_CRC32C, JAVA_CRC32C, 4 * KIB, NO_TARGET),
                    new Row(NATIVE_CRC64, JAVA_CRC64, 4 * KIB, NO_TARGET),
                    new Row(JAVA_CRC16, SLICING_CRC16, 4 * KIB, 2.0),
                    new Row(GUARDED_COPY, COPY_THEN_ISAL, 4 * KIB, NO_TARGET),
                    new Row(GUARDED_COPY, COPY_THEN_ISAL, 64 * KIB, 1.1),
                    new Row(GUARDED_COPY, COPY_THEN_ISAL, MIB, NO_TARGET),
                    new Row(GUARDED_COPY, COPY, 64 * KIB, NO_TARGET),
                    new Row(GUARDED_COPY, COPY, GIB, 0.95),
                    new Row(COPY_THEN_ISAL, COPY, GIB, NO_TARGET));

    /** Results go here, or the JIT would leave the work out. */
    @SuppressWarnings("UnusedVariable")
    private static volatile long sink;

    private final Set<GuardContestant> warm = EnumSet.noneOf(GuardContestant.class);

    private GuardRatios() {}

    /** One comparison. */
    record Row(GuardContestant ours, GuardContestant theirs, long size, double target) {

        boolean matches(String pattern) {
            return Pattern.compile(pattern).matcher(toString()).find();
        }

        @Override
        public String toString() {
            String bytes = size < MIB ? size / KIB + " KiB" : size / MIB + " MiB";
            return String.format(Locale.ROOT, "%-13s / %-14s %8s", ours, theirs, bytes);
        }
    }

    /**
     * Compares and prints.
     *
     * @param arguments a pattern that chooses rows; all without one
     * @throws Exception what a contestant throws
     */
    public static void main(String... arguments) throws Exception {
        String pattern = arguments.length == 0 ? "" : arguments[0];
        GuardRatios ratios = new GuardRatios();
        System.out.println("GB/s of both sides, and their ratio with its 95 % interval");
        for (Row row : ROWS) {
            if (row.matches(pattern)) {
                System.out.println(row + ratios.result(row));
            }
        }
    }

    private String result(Row row) throws Exception {
        for (GuardContestant side : List.of(row.ours, row.theirs)) {
            if (!side.missing().isEmpty()) {
                return "  skipped: " + side.missing();
            }
            warmUp(side);
        }
        try (PinnedArena arena = PinnedArena.ofConfined()) {
            GuardBuffers buffers = GuardBuffers.allocate(arena, row.size);
            Paired<Double> paired =
                    Paired.measure(
                            PAIRS,
                            () -> bytesPerNano(row.ours, buffers),
                            () -> bytesPerNano(row.theirs, buffers));
            return text(paired, row.target);
        }
    }

    private static String text(Paired<Double> paired, double target) {
        Ratio ratio = paired.ratio(speed -> speed);
        String verdict =
                target == NO_TARGET
                        ? ""
                        : String.format(
                                Locale.ROOT,
                                "  target %.2f %s",
                                target,
                                ratio.misses(target) ? "missed" : "met");
        return String.format(
                Locale.ROOT,
                " %6.1f %6.1f  %s%s",
                Paired.median(paired.ours(), speed -> speed),
                Paired.median(paired.theirs(), speed -> speed),
                ratio,
                verdict);
    }

    /** The JIT compiles a contestant once, whatever the size; that must not be in the figures. */
    private void warmUp(GuardContestant contestant) {
        if (!warm.add(contestant)) {
            return;
        }
        try (PinnedArena arena = PinnedArena.ofConfined()) {
            GuardBuffers buffers = GuardBuffers.allocate(arena, 64 * KIB);
            long start = System.nanoTime();
            while (System.nanoTime() - start < WARM_UP_NANOS) {
                bytesPerNano(contestant, buffers);
            }
        }
    }

    private static double bytesPerNano(GuardContestant contestant, GuardBuffers buffers) {
        long size = buffers.source().byteSize();
        long passes = Math.max(1, BATCH / size);
        long best = Long.MAX_VALUE;
        for (int batch = 0; batch < (passes == 1 ? 1 : BATCHES); batch++) {
            long crcs = 0;
            long start = System.nanoTime();
            for (long i = 0; i < passes; i++) {
                crcs += contestant.pass(buffers);
            }
            best = Math.min(best, System.nanoTime() - start);
            sink = crcs;
        }
        return (double) size * passes / best;
    }
}
