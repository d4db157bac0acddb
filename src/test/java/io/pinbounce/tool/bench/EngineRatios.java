package io.pinbounce.tool.bench;

import static io.pinbounce.tool.bench.Direction.WRITE;

import io.pinbounce.Transfer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * How fast queues and calls are beside fio, the JDK's channel and each other: ratios of interleaved
 * pairs, each with an interval that holds the true median with at least 95 % probability, and
 * beside the target where there is one. A target is missed if the whole interval is on its wrong
 * side.
 *
 * <p>{@code mvn test-compile exec:exec@bench -Dbench.main=io.pinbounce.tool.bench.EngineRatios}
 * takes a quarter of an hour. {@code -Dbench.args=PATTERN} chooses rows by their text, and {@code
 * -Dbench.args="PATTERN PATH"} a file or a device, <b>which is written over</b>, in place of {@code
 * bench.data} in {@code pinbounce.bench.dir}. So on a loop device in memory, as root:
 *
 * <pre>{@code
 * ci/loop --memory --size 512M -- sh -c 'mvn test-compile exec:exec@bench \
 *     -Dbench.main=io.pinbounce.tool.bench.EngineRatios -Dbench.args=". $0"' {}
 * }</pre>
 */
public final class EngineRatios {

    private static final int PAIRS = 15;

    private static final int DEPTH = 16;

    private static final int KIB = 1 << 10;

    private static final int MIB = 1 << 20;

    private static final List<Integer> SIZES = List.of(4 * KIB, 64 * KIB, MIB);

    private static final int THREADS = 10_000;

    private static final int CARRIERS = 2;

    private static final int SERVICE_DEPTH = 64;

    /** What a bounced request may cost above a pinned one, in plain copies of its size. */
    private static final double COPIES = 1.3;

    /** For how long copies are timed, beside each pinned run. */
    private static final long COPY_NANOS = 50_000_000;

    private static final double NO_TARGET = Double.NaN;

    private EngineRatios() {}

    /** What is compared. */
    static List<Comparison> rows() {
        List<Comparison> rows = new ArrayList<>();
        for (Direction direction : Direction.values()) {
            for (int size : SIZES) {
                for (Fio.Flags flags : Fio.Flags.values()) {
                    rows.add(pinnedToFio(Traffic.sequential(direction, size, DEPTH), flags));
                }
            }
        }
        List<Double> bounced = List.of(0.97, 0.98, 0.99);
        for (Direction direction : Direction.values()) {
            for (int i = 0; i < SIZES.size(); i++) {
                Traffic traffic = Traffic.sequential(direction, SIZES.get(i), DEPTH);
                rows.add(bouncedToPinned(traffic, bounced.get(i)));
            }
        }
        for (Direction direction : Direction.values()) {
            for (int size : SIZES) {
                rows.add(bouncedToCopies(Traffic.sequential(direction, size, DEPTH)));
            }
        }
        rows.add(virtualToQueue(Traffic.randomReads(SIZES.getFirst(), SERVICE_DEPTH)));
        rows.add(
                new Comparison(
                        "blocking / FileChannel    read   4 KiB",
                        1.0,
                        NO_TARGET,
                        target -> new SingleReads().measure(target, 2 * PAIRS + 1)));
        return rows;
    }

    private static Comparison pinnedToFio(Traffic traffic, Fio.Flags flags) {
        String rival = flags == Fio.Flags.DEFAULT ? "fio" : "fio, best flags";
        return new Comparison(
                Comparison.text("PIN / " + rival, traffic),
                0.97,
                traffic.size() == SIZES.getFirst() ? 1.25 : NO_TARGET,
                target -> {
                    try (OwnTraffic ours = new OwnTraffic(target, Transfer.PIN, traffic)) {
                        return Paired.measure(
                                PAIRS,
                                ours::run,
                                () -> Fio.run(target.path(), traffic, Window.USUAL, flags));
                    }
                });
    }

    private static Comparison bouncedToPinned(Traffic traffic, double speed) {
        return new Comparison(
                Comparison.text("BOUNCE / PIN", traffic),
                speed,
                NO_TARGET,
                target -> {
                    try (OwnTraffic bounced = new OwnTraffic(target, Transfer.BOUNCE, traffic);
                            OwnTraffic pinned = new OwnTraffic(target, Transfer.PIN, traffic)) {
                        return Paired.measure(PAIRS, bounced::run, pinned::run);
                    }
                });
    }

    private static Comparison bouncedToCopies(Traffic traffic) {
        return new Comparison(
                Comparison.text("BOUNCE / PIN + " + COPIES + " copies", traffic),
                NO_TARGET,
                1.0,
                target -> {
                    try (OwnTraffic bounced = new OwnTraffic(target, Transfer.BOUNCE, traffic);
                            OwnTraffic pinned = new OwnTraffic(target, Transfer.PIN, traffic);
                            CopyTraffic copies = new CopyTraffic(traffic)) {
                        return Paired.measure(
                                2 * PAIRS + 1,
                                bounced::run,
                                () ->
                                        pinned.run()
                                                .plusCpuNanos(
                                                        COPIES * copies.nanosEach(COPY_NANOS)));
                    }
                });
    }

    private static Comparison virtualToQueue(Traffic traffic) {
        return new Comparison(
                Comparison.text("virtual threads / queue", traffic),
                0.7,
                NO_TARGET,
                target -> {
                    try (VirtualTraffic virtual = new VirtualTraffic(target, traffic, THREADS);
                            OwnTraffic queue = new OwnTraffic(target, Transfer.PIN, traffic)) {
                        return Paired.measure(PAIRS, virtual::run, queue::run);
                    }
                });
    }

    /**
     * Compares and prints.
     *
     * @param arguments a pattern that chooses rows, and a file or device; all, in a folder, without
     * @throws Exception what a contestant throws
     */
    public static void main(String... arguments) throws Exception {
        System.setProperty("jdk.virtualThreadScheduler.parallelism", String.valueOf(CARRIERS));
        Pattern pattern = Pattern.compile(arguments.length == 0 ? "" : arguments[0]);
        BenchFile target =
                arguments.length > 1 ? BenchFile.at(Path.of(arguments[1])) : BenchFile.inFolder();
        printSetting(target);
        for (Comparison row : rows()) {
            if (row.matches(pattern)) {
                System.out.println(row.text() + result(row, target));
            }
        }
    }

    private static void printSetting(BenchFile target) throws IOException {
        Traffic any = Traffic.sequential(WRITE, SIZES.getFirst(), 1);
        try (OwnTraffic queue = new OwnTraffic(target, Transfer.PIN, any)) {
            System.out.println("target: " + target.path().toRealPath());
            System.out.println("engine: " + queue.engineReason());
        }
        System.out.println(
                "kernel: "
                        + Files.readString(Path.of("/proc/sys/kernel/osrelease")).strip()
                        + (", depth: " + DEPTH + ", load: ")
                        + Files.readString(Path.of("/proc/loadavg")).strip());
        System.out.println("requests a second and processor microseconds a request, ours theirs");
    }

    private static String result(Comparison row, BenchFile target) throws Exception {
        if (row.text().contains("fio") && !Fio.missing().isEmpty()) {
            return "  skipped: " + Fio.missing();
        }
        return row.result(row.contest().measure(target));
    }
}
