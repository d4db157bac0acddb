package io.pinbounce.tool.bench;

import static io.pinbounce.tool.bench.Direction.READ;
import static io.pinbounce.tool.bench.Direction.WRITE;

import io.pinbounce.DirectFile;
import io.pinbounce.DirectOptions;
import io.pinbounce.DirectQueue;
import io.pinbounce.Engine;
import io.pinbounce.Protection;
import io.pinbounce.SidecarOptions;
import io.pinbounce.SidecarOptions.Mode;
import io.pinbounce.Transfer;
import io.pinbounce.tool.scrub.Scrub;
import io.pinbounce.tool.scrub.ScrubReport;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;

/**
 * What a sidecar costs: a file that has one against a file of the same size beside it that is not
 * protected, both bounced, in interleaved pairs; and a scrub against plain reading, both pinned.
 * Each ratio comes with an interval that holds the true median with at least 95 % probability, and
 * beside its target.
 *
 * <p>Every run of writes starts after a force and ends with one inside the time that is measured,
 * on <b>both</b> sides, so that no data is left in a cache. Since the ratio of such runs follows
 * the price of a flush, each row tells the median time of a small write with a force at that
 * moment, and how often either side had the device's cache flushed, as the kernel counts it for the
 * whole device: see that nothing else uses it.
 *
 * <p>{@code mvn test-compile exec:exec@bench -Dbench.main=io.pinbounce.tool.bench.SidecarRatios}
 * takes two minutes. {@code -Dbench.args=PATTERN} chooses rows by their text, and {@code
 * -Dbench.args="PATTERN FILE"} a file in place of {@code bench.data} in {@code
 * pinbounce.bench.dir}; {@code FILE.guarded} and its sidecar are made beside it, anew. So on a file
 * system of its own, as root:
 *
 * <pre>{@code
 * ci/loop --memory --size 1G --fs ext4 -- sh -c 'mvn test-compile exec:exec@bench \
 *     -Dbench.main=io.pinbounce.tool.bench.SidecarRatios -Dbench.args=". $0"' {}
 * }</pre>
 */
public final class SidecarRatios {

    private static final int PAIRS = 15;

    private static final int FORCES = 101;

    private static final int WARM_UP = 20;

    private static final int PAGE = 4 << 10;

    private static final int MIB = 1 << 20;

    private static final int FORCE_EVERY = 64;

    private final BenchFile guarded;

    private final Flushes flushes;

    private SidecarRatios(BenchFile guarded, Flushes flushes) {
        this.guarded = guarded;
        this.flushes = flushes;
    }

    /** What is measured of a side. */
    private interface Measure {

        Measurement run(OwnTraffic traffic) throws IOException;
    }

    private static Protection protection(Mode mode) {
        return Protection.t10(PAGE).sidecar(SidecarOptions.beside().mode(mode));
    }

    private List<Comparison> rows() {
        Traffic writes = Traffic.sequential(WRITE, MIB, 16);
        return List.of(
                row("JOURNAL / plain", writes, 0.85, Mode.JOURNAL),
                row("NONE / plain", writes, 0.97, Mode.NONE),
                row(
                        "JOURNAL / plain, depth 16",
                        Traffic.randomWrites(PAGE, 16, FORCE_EVERY),
                        0.5,
                        Mode.JOURNAL),
                row(
                        "JOURNAL / plain, depth 64",
                        Traffic.randomWrites(PAGE, 64, FORCE_EVERY),
                        0.7,
                        Mode.JOURNAL),
                row("guarded / plain", Traffic.randomReads(PAGE, 16), 0.95, Mode.JOURNAL),
                verify(Traffic.sequential(READ, MIB, Scrub.DEPTH)));
    }

    private Comparison row(String text, Traffic traffic, double speed, Mode mode) {
        Measure measure = traffic.direction() == WRITE ? OwnTraffic::runForced : OwnTraffic::run;
        return new Comparison(
                Comparison.text(text, traffic),
                speed,
                Comparison.NO_TARGET,
                plain -> {
                    try (OwnTraffic ours = open(guarded.with(protection(mode)), traffic);
                            OwnTraffic theirs = open(plain, traffic)) {
                        return Paired.measure(
                                PAIRS, () -> measure.run(ours), () -> measure.run(theirs));
                    }
                });
    }

    /** Both sides open their file, make room for what they read, and go through it once. */
    private Comparison verify(Traffic traffic) {
        return new Comparison(
                Comparison.text("verify / read", traffic),
                0.9,
                Comparison.NO_TARGET,
                plain -> {
                    for (int i = 0; i < WARM_UP; i++) { // a pass is short: it would be compiled
                        verify(guarded);
                        read(plain, traffic);
                    }
                    return Paired.measure(PAIRS, () -> verify(guarded), () -> read(plain, traffic));
                });
    }

    /** As {@code pinbounce verify} does it: no tuple is in memory. */
    private static Measurement verify(BenchFile file) throws IOException {
        AtomicLong done = new AtomicLong();
        Measurement.Clock clock = new Measurement.Clock(done::get);
        DirectOptions options = DirectOptions.readOnly().transfer(Transfer.PIN);
        try (DirectFile opened =
                        DirectFile.open(file.path(), options.protection(file.protection()));
                DirectQueue queue = DirectQueue.open(Scrub.DEPTH, Engine.REQUIRED_URING)) {
            ScrubReport report = new Scrub(PAGE, 1).run(opened, queue, _ -> {});
            if (report.verdict() != ScrubReport.Verdict.CLEAN) {
                throw new IOException("the file is not as it was written, " + report);
            }
            done.set(report.bytes() / MIB);
        }
        return clock.stop();
    }

    private static Measurement read(BenchFile file, Traffic traffic) throws IOException {
        AtomicLong done = new AtomicLong();
        Measurement.Clock clock = new Measurement.Clock(done::get);
        try (OwnTraffic plain = new OwnTraffic(file, Transfer.PIN, traffic)) {
            done.set(plain.pass().requests());
        }
        return clock.stop();
    }

    private OwnTraffic open(BenchFile file, Traffic traffic) throws IOException {
        return new OwnTraffic(file, Transfer.BOUNCE, traffic, flushes);
    }

    /**
     * Compares and prints.
     *
     * @param arguments a pattern that chooses rows, and a file; all, in a folder, without
     * @throws Exception what a contestant throws
     */
    public static void main(String... arguments) throws Exception {
        Pattern pattern = Pattern.compile(arguments.length == 0 ? "" : arguments[0]);
        BenchFile plain =
                arguments.length > 1 ? BenchFile.at(Path.of(arguments[1])) : BenchFile.inFolder();
        Path path = plain.path().resolveSibling(plain.path().getFileName() + ".guarded");
        Flushes flushes = Flushes.of(plain.path());
        System.out.println(
                "target: "
                        + plain.path().toRealPath()
                        + (", device: " + flushes.device() + ", load: ")
                        + Files.readString(Path.of("/proc/loadavg")).strip());
        System.out.println(
                "requests a second, processor microseconds a request, flushes in 1000 requests:"
                        + " ours theirs");
        BenchFile guarded = BenchFile.guarded(path, protection(Mode.JOURNAL));
        for (Comparison row : new SidecarRatios(guarded, flushes).rows()) {
            if (row.matches(pattern)) {
                double force = forceMicros(plain);
                Paired<Measurement> paired = row.contest().measure(plain);
                System.out.printf(
                        Locale.ROOT,
                        "%s%s  flushes %.1f %.1f, write and force %.0f us%n",
                        row.text(),
                        row.result(paired),
                        Paired.median(paired.ours(), Measurement::flushesPer1000),
                        Paired.median(paired.theirs(), Measurement::flushesPer1000),
                        force);
            }
        }
    }

    /** The price of a flush: how long a small write takes to be on the medium. */
    private static double forceMicros(BenchFile plain) throws IOException {
        double[] micros = new double[FORCES];
        try (DirectFile file = plain.open(Transfer.BOUNCE);
                Arena arena = Arena.ofConfined()) {
            MemorySegment page = arena.allocate(PAGE).fill((byte) 0x5A);
            for (int i = 0; i < FORCES; i++) {
                long start = System.nanoTime();
                file.write(page, (long) i * MIB);
                file.force();
                micros[i] = (System.nanoTime() - start) / 1e3;
            }
        }
        Arrays.sort(micros);
        return Ratio.median(micros);
    }
}
