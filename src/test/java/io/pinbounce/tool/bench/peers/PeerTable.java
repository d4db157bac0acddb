package io.pinbounce.tool.bench.peers;

import io.pinbounce.tool.bench.Ratio;
import io.pinbounce.tool.bench.peers.Load.Order;
import io.pinbounce.tool.bench.peers.Peer.Direction;
import io.pinbounce.tool.bench.peers.PeerRow.Outcome;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * How fast Pinbounce is beside its peers: ratios of interleaved pairs, each with an interval that
 * holds the true median with at least 95 % probability. Columns are separated by spaces; lines that
 * start with {@code #} say where and how it was measured, and what became of the targets.
 *
 * <p>{@code mvn test-compile exec:exec@bench -Dbench.main=io.pinbounce.tool.bench.peers.PeerTable}
 * takes some minutes. {@code -Dbench.args=PATTERN} chooses rows by their text, {@code "4 +(1|16) "}
 * those that have targets, and {@code -Dbench.args="PATTERN PATH"} a file or a device, <b>which is
 * written over</b>, in place of {@code peers.data} in {@code pinbounce.bench.dir}.
 *
 * <p>A peer whose calls block has as many threads as there are requests at once.
 */
public final class PeerTable {

    private static final int KIB = 1 << 10;

    private static final int DEPTH = 16;

    /** Our requests a second to the best peer's, at least. */
    private static final double THROUGHPUT_TARGET = 1.3;

    /** Our median latency to that of the JDK's channel, at most. */
    private static final double LATENCY_LIMIT = 1.0;

    private PeerTable() {}

    /** What is compared. */
    static List<PeerRow> rows() {
        List<PeerRow> rows = new ArrayList<>();
        EnumSet<Contestant> peers = EnumSet.range(Contestant.FILE_CHANNEL, Contestant.JASYNCFIO);
        for (Contestant peer : peers) {
            rows.add(
                    new PeerRow(
                            Measure.LATENCY,
                            Contestant.PINBOUNCE_FILE,
                            peer,
                            Direction.READ,
                            Order.RANDOM,
                            4 * KIB,
                            1));
        }
        peers.forEach(peer -> rows.add(queue(peer, Direction.READ, Order.RANDOM, 4 * KIB)));
        for (int size : new int[] {64 * KIB, 1024 * KIB}) {
            for (Direction direction : Direction.values()) {
                peers.forEach(peer -> rows.add(queue(peer, direction, Order.SEQUENTIAL, size)));
            }
        }
        return rows;
    }

    private static PeerRow queue(Contestant peer, Direction direction, Order order, int size) {
        return new PeerRow(
                Measure.THROUGHPUT,
                Contestant.PINBOUNCE_QUEUE,
                peer,
                direction,
                order,
                size,
                DEPTH);
    }

    /**
     * Compares and prints.
     *
     * @param arguments a pattern that chooses rows, and a file or device; all, in a folder, without
     * @throws Exception what a contestant throws
     */
    public static void main(String... arguments) throws Exception {
        Pattern pattern = Pattern.compile(arguments.length == 0 ? "" : arguments[0]);
        Path path = arguments.length > 1 ? Path.of(arguments[1]) : PeerFile.inFolder();
        PeerFile.filled(path);
        printSetting(path);
        List<Outcome> latencies = new ArrayList<>();
        List<Outcome> throughputs = new ArrayList<>();
        for (PeerRow row : rows()) {
            if (!row.matches(pattern)) {
                continue;
            }
            String missing = row.ours().missing() + row.theirs().missing();
            if (!missing.isEmpty()) {
                System.out.println("# " + row.text() + " skipped: " + missing);
                continue;
            }
            Outcome outcome = row.run(path);
            System.out.println(row.text() + " " + outcome.text());
            if (row.measure() == Measure.LATENCY && row.theirs() == Contestant.FILE_CHANNEL) {
                latencies.add(outcome);
            }
            if (row.measure() == Measure.THROUGHPUT && row.size() == 4 * KIB) {
                throughputs.add(outcome);
            }
        }
        printTargets(latencies, throughputs);
    }

    private static void printSetting(Path path) throws IOException {
        System.out.println("# target: " + path.toRealPath());
        System.out.println(
                "# store: "
                        + Files.getFileStore(path)
                        + (", kernel: " + kernel("sys/kernel/osrelease"))
                        + (", java: " + Runtime.version())
                        + (", load: " + kernel("loadavg")));
        System.out.println("# latency: medians in microseconds, a ratio below 1 is good for ours");
        System.out.println("# throughput: requests a second, a ratio above 1 is good for ours");
        System.out.println("# cpu: microseconds a request of the process, not of kernel threads");
        System.out.println(PeerRow.HEADER);
    }

    private static String kernel(String file) throws IOException {
        return Files.readString(Path.of("/proc", file)).strip();
    }

    private static void printTargets(List<Outcome> latencies, List<Outcome> throughputs) {
        for (Outcome outcome : latencies) {
            print(
                    "latency, depth 1, 4 KiB reads: DirectFile / FileChannel",
                    outcome.ratio(),
                    "at most",
                    LATENCY_LIMIT,
                    outcome.ratio().exceeds(LATENCY_LIMIT));
        }
        throughputs.stream()
                .min(Comparator.comparingDouble(outcome -> outcome.ratio().median()))
                .ifPresent(
                        best ->
                                print(
                                        "throughput, depth 16, 4 KiB reads: DirectQueue / best"
                                                + " peer, "
                                                + best.theirs().text(),
                                        best.ratio(),
                                        "at least",
                                        THROUGHPUT_TARGET,
                                        best.ratio().misses(THROUGHPUT_TARGET)));
    }

    private static void print(
            String what, Ratio ratio, String bound, double target, boolean missed) {
        System.out.printf(
                Locale.ROOT,
                "# target: %s: %.3f [%.3f %.3f] %s %.2f: %s%n",
                what,
                ratio.median(),
                ratio.low(),
                ratio.high(),
                bound,
                target,
                missed ? "missed" : "met");
    }
}
