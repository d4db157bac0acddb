package io.pinbounce.bench;

import static io.pinbounce.bench.Traffic.Direction.READ;
import static io.pinbounce.bench.Traffic.Direction.WRITE;

import io.pinbounce.Transfer;
import io.pinbounce.bench.Traffic.Direction;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * How fast queues and calls are beside others and beside each other: ratios of interleaved pairs,
 * each with an interval that holds the true median with at least 95 % probability, and beside the
 * target where there is one. A target is missed if the whole interval is on its wrong side.
 *
 * <p>{@code mvn test-compile exec:exec@bench -Dbench.main=io.pinbounce.bench.EngineRatios} takes a
 * quarter of an hour. {@code -Dbench.args=PATTERN} chooses rows by their text, and {@code
 * -Dbench.args="PATTERN PATH"} a file or a device, <b>which is written over</b>, in place of {@code
 * bench.data} in {@code pinbounce.bench.dir}. So on a loop device in memory, as root:
 *
 * <pre>{@code
 * ci/loop --memory --size 512M -- sh -c 'mvn test-compile exec:exec@bench \
 *     -Dbench.main=io.pinbounce.bench.EngineRatios -Dbench.args=". $0"' {}
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

    private static final double NO_TARGET = Double.NaN;

    private EngineRatios() {}

    /** Measures the two sides of a row. */
    interface Contest {

        Paired<Run> measure(BenchFile target) throws Exception;
    }

    /**
     * One comparison.
     *
     * @param text who is compared with whom
     * @param speed requests a second, ours to theirs: no less
     * @param cpu processor time a request, ours to theirs: no more
     * @param contest measures
     */
    record Row(String text, double speed, double cpu, Contest contest) {

        boolean matches(Pattern pattern) {
            return pattern.matcher(text).find();
        }
    }

    /** What is compared. */
    static List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        for (Direction direction : Direction.values()) {
            for (int size : SIZES) {
                for (Fio.Batching batching : Fio.Batching.values()) {
                    rows.add(pinnedToFio(Traffic.sequential(direction, size, DEPTH), batching));
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
                new Row(
                        "blocking / FileChannel    read   4 KiB",
                        1.0,
                        NO_TARGET,
                        target -> new SingleReads().measure(target, 2 * PAIRS + 1)));
        return rows;
    }

    private static Row pinnedToFio(Traffic traffic, Fio.Batching batching) {
        String rival = batching == Fio.Batching.DEFAULT ? "fio" : "fio, batches";
        return new Row(
                text("PIN / " + rival, traffic),
                0.97,
                traffic.size() == SIZES.getFirst() ? 1.25 : NO_TARGET,
                target -> {
                    try (QueueTraffic ours = new QueueTraffic(target, Transfer.PIN, traffic)) {
                        return Paired.measure(
                                PAIRS, ours::run, () -> Fio.run(target, traffic, batching));
                    }
                });
    }

    private static Row bouncedToPinned(Traffic traffic, double speed) {
        return new Row(
                text("BOUNCE / PIN", traffic),
                speed,
                NO_TARGET,
                target -> {
                    try (QueueTraffic bounced = new QueueTraffic(target, Transfer.BOUNCE, traffic);
                            QueueTraffic pinned = new QueueTraffic(target, Transfer.PIN, traffic)) {
                        return Paired.measure(PAIRS, bounced::run, pinned::run);
                    }
                });
    }

    private static Row bouncedToCopies(Traffic traffic) {
        return new Row(
                text("BOUNCE / PIN + " + COPIES + " copies", traffic),
                NO_TARGET,
                1.0,
                target -> {
                    try (QueueTraffic bounced = new QueueTraffic(target, Transfer.BOUNCE, traffic);
                            QueueTraffic pinned = new QueueTraffic(target, Transfer.PIN, traffic);
                            CopyTraffic copies = new CopyTraffic(traffic)) {
                        return Paired.measure(
                                2 * PAIRS + 1,
                                bounced::run,
                                () -> pinned.run().plusCpuNanos(COPIES * copies.nanosEach()));
                    }
                });
    }

    private static Row virtualToQueue(Traffic traffic) {
        return new Row(
                text("virtual threads / queue", traffic),
                0.7,
                NO_TARGET,
                target -> {
                    try (VirtualTraffic virtual = new VirtualTraffic(target, traffic, THREADS);
                            QueueTraffic queue = new QueueTraffic(target, Transfer.PIN, traffic)) {
                        return Paired.measure(PAIRS, virtual::run, queue::run);
                    }
                });
    }

    private static String text(String sides, Traffic traffic) {
        int size = traffic.size();
        return String.format(
                Locale.ROOT,
                "%-25s %-5s %6s",
                sides,
                traffic.direction() == READ ? "read" : "write",
                size < MIB ? size / KIB + " KiB" : size / MIB + " MiB");
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
        for (Row row : rows()) {
            if (row.matches(pattern)) {
                System.out.println(row.text() + result(row, target));
            }
        }
    }

    private static void printSetting(BenchFile target) throws IOException {
        Traffic any = Traffic.sequential(WRITE, SIZES.getFirst(), 1);
        try (QueueTraffic queue = new QueueTraffic(target, Transfer.PIN, any)) {
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

    private static String result(Row row, BenchFile target) throws Exception {
        if (row.text().contains("fio") && !Fio.missing().isEmpty()) {
            return "  skipped: " + Fio.missing();
        }
        Paired<Run> paired = row.contest().measure(target);
        Ratio speed = paired.ratio(Run::perSecond);
        String text =
                String.format(
                        Locale.ROOT,
                        " %9.0f %9.0f  %s%s",
                        Paired.median(paired.ours(), Run::perSecond),
                        Paired.median(paired.theirs(), Run::perSecond),
                        speed,
                        verdict("at least", row.speed(), speed.misses(row.speed())));
        if (paired.ours().getFirst().cpuNanos() == 0) {
            return text;
        }
        Ratio cpu = paired.ratio(Run::cpuMicros);
        return text
                + String.format(
                        Locale.ROOT,
                        "  cpu %7.2f %7.2f  %s%s",
                        Paired.median(paired.ours(), Run::cpuMicros),
                        Paired.median(paired.theirs(), Run::cpuMicros),
                        cpu,
                        verdict("at most", row.cpu(), cpu.exceeds(row.cpu())));
    }

    private static String verdict(String bound, double target, boolean missed) {
        return Double.isNaN(target)
                ? ""
                : String.format(
                        Locale.ROOT, " %s %.2f %s", bound, target, missed ? "missed" : "met");
    }
}
