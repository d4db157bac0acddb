package io.pinbounce.tool.bench;

import io.pinbounce.DirectFile;
import io.pinbounce.DirectOptions;
import io.pinbounce.DirectQueue;
import io.pinbounce.Protection;
import io.pinbounce.buffer.PinnedArena;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Pattern;

/**
 * Whether cost grows no faster than the work: the processor's time for one piece of work when there
 * are n, 4n, 16n and perhaps 64n of them at once. Rounds are interleaved; printed is the median,
 * and its ratio to that of n with the smallest and largest of all rounds.
 *
 * <p>{@code mvn test-compile exec:exec@bench -Dbench.main=io.pinbounce.tool.bench.ScaleRatios}
 * takes some minutes. {@code -Dbench.args=PATTERN} chooses rows by their text, {@code
 * -Dbench.args="PATTERN ROUNDS"} how many rounds there are. Files are made in {@code
 * pinbounce.bench.dir}; opening 8,000 needs {@code ulimit -n 9000}.
 */
public final class ScaleRatios {

    private static final int BLOCK = 4096;

    /** Blocks of the file that requests go to. */
    private static final int BLOCKS = 16_384;

    private static final int ROUNDS = 7;

    /** Requests of a round, at least: four times the depth where that is more. */
    private static final int REQUESTS = 16_384;

    private static final DirectOptions PLAIN = DirectOptions.readWrite().create();

    private static final DirectOptions MEMORY = PLAIN.protection(Protection.t10(BLOCK).memory());

    private static final DirectOptions JOURNAL = PLAIN.protection(Protection.t10(BLOCK).sidecar());

    private final Path folder;

    private final int rounds;

    private ScaleRatios(Path folder, int rounds) {
        this.folder = folder;
        this.rounds = rounds;
    }

    /** Does a number of things. */
    private interface Work {

        /** Returns how many were done, and how long they kept the processors busy. */
        Cost run(int n) throws IOException;
    }

    private record Cost(long pieces, double nanos) {

        static Cost of(long pieces, CpuTime.Snapshot start) throws IOException {
            return new Cost(pieces, CpuTime.Snapshot.take().since(start).nanos());
        }

        double each() {
            return nanos / pieces;
        }
    }

    private record Row(String text, List<Integer> numbers, Work work) {}

    private List<Row> rows() {
        List<Integer> depths = List.of(64, 256, 1024, 4096);
        List<Integer> few = List.of(128, 512, 2048);
        return List.of(
                new Row("guarded random writes, depth", depths, n -> writes(MEMORY, n, Places.ANY)),
                new Row(
                        "guarded writes in sequence, depth",
                        depths,
                        n -> writes(MEMORY, n, Places.NEXT)),
                new Row(
                        "the same with a journal, depth",
                        depths,
                        n -> writes(JOURNAL, n, Places.NEXT)),
                new Row(
                        "disjoint writes, and as many to the same places",
                        few,
                        n -> writes(MEMORY, 2 * n, Places.TWICE)),
                new Row("segments of a write", List.of(64, 256, 1024), this::segments),
                new Row("allocations of 4 KiB", List.of(4000, 16_000, 64_000), this::allocations),
                new Row("files that are opened", List.of(500, 2000, 8000), n -> opens(n, false)),
                new Row("files on one inode", List.of(500, 2000, 8000), n -> opens(n, true)),
                new Row(
                        "intervals of a file with a sidecar that is opened",
                        List.of(1024, 4096, 16_384),
                        this::sidecar));
    }

    /** Where the writes of a queue go. */
    private enum Places {
        ANY,
        NEXT,
        /** To places next to each other, and then to the same again while those are under way. */
        TWICE;

        long block(long request, int depth, SplittableRandom random) {
            return switch (this) {
                case ANY -> random.nextInt(BLOCKS);
                case NEXT -> request % BLOCKS;
                case TWICE -> request % (depth / 2);
            };
        }
    }

    private Cost writes(DirectOptions options, int depth, Places places) throws IOException {
        Path path = folder.resolve("scale.data");
        Files.deleteIfExists(path);
        Files.deleteIfExists(Path.of(path + ".pi"));
        try (DirectFile file = DirectFile.open(path, options);
                PinnedArena arena = PinnedArena.ofConfined();
                DirectQueue queue = DirectQueue.open(depth)) {
            fill(file, BLOCKS);
            MemorySegment block = arena.allocate(BLOCK);
            SplittableRandom random = new SplittableRandom(42);
            int requests = Math.max(REQUESTS, 4 * depth);
            long asked = 0;
            long done = 0;
            CpuTime.Snapshot start = CpuTime.Snapshot.take();
            while (done < requests) {
                for (; queue.pending() < depth && asked < requests; asked++) {
                    long at = places.block(asked, depth, random) * BLOCK;
                    queue.write(file, block, at, asked);
                }
                done += queue.await(1, completion -> completion.bytes());
            }
            return Cost.of(requests, start);
        }
    }

    private static void fill(DirectFile file, int blocks) throws IOException {
        int chunk = Math.min(256, blocks);
        try (PinnedArena arena = PinnedArena.ofConfined()) {
            MemorySegment memory = arena.allocate((long) chunk * BLOCK);
            for (int i = 0; i < blocks; i += chunk) {
                file.write(memory, (long) i * BLOCK);
            }
        }
        file.force();
    }

    private Cost segments(int n) throws IOException {
        try (DirectFile file = DirectFile.open(folder.resolve("scale.segments"), PLAIN);
                PinnedArena arena = PinnedArena.ofConfined()) {
            fill(file, n);
            List<MemorySegment> memory = new ArrayList<>();
            for (int i = 0; i < n; i++) {
                memory.add(arena.allocate(BLOCK));
            }
            CpuTime.Snapshot start = CpuTime.Snapshot.take();
            int times = REQUESTS / n;
            for (int i = 0; i < times; i++) {
                file.write(memory, 0);
            }
            return Cost.of((long) times * n, start);
        }
    }

    private Cost allocations(int n) throws IOException {
        try (PinnedArena arena = PinnedArena.ofShared()) {
            CpuTime.Snapshot start = CpuTime.Snapshot.take();
            for (int i = 0; i < n; i++) {
                arena.allocate(BLOCK);
            }
            return Cost.of(n, start);
        }
    }

    private Cost opens(int n, boolean same) throws IOException {
        Path files = Files.createDirectories(folder.resolve("scale.files"));
        List<DirectFile> open = new ArrayList<>();
        CpuTime.Snapshot start = CpuTime.Snapshot.take();
        try {
            for (int i = 0; i < n; i++) {
                open.add(DirectFile.open(files.resolve("file" + (same ? 0 : i)), PLAIN));
            }
        } finally {
            for (DirectFile file : open) {
                file.close();
            }
        }
        return Cost.of(n, start);
    }

    private Cost sidecar(int n) throws IOException {
        Path path = folder.resolve("scale.sidecar");
        Files.deleteIfExists(path);
        Files.deleteIfExists(Path.of(path + ".pi"));
        try (DirectFile file = DirectFile.open(path, JOURNAL)) {
            fill(file, n);
        }
        CpuTime.Snapshot start = CpuTime.Snapshot.take();
        int times = 20;
        for (int i = 0; i < times; i++) {
            DirectFile.open(path, JOURNAL).close();
        }
        return Cost.of((long) times * n, start);
    }

    private void measure(Row row) throws IOException {
        List<List<Double>> costs = new ArrayList<>();
        row.numbers.forEach(n -> costs.add(new ArrayList<>()));
        for (int round = -1; round < rounds; round++) { // the first one warms up
            for (int i = 0; i < row.numbers.size(); i++) {
                double each = row.work.run(row.numbers.get(i)).each();
                if (round >= 0) {
                    costs.get(i).add(each);
                }
            }
        }
        System.out.println(row.text);
        for (int i = 0; i < costs.size(); i++) {
            List<Double> each = costs.get(i);
            List<Double> ratios = new ArrayList<>();
            for (int round = 0; round < rounds; round++) {
                ratios.add(each.get(round) / costs.getFirst().get(round));
            }
            System.out.printf(
                    "%10d %10.2f us each, ratio %5.2f [%.2f, %.2f]%n",
                    row.numbers.get(i),
                    median(each) / 1e3,
                    median(ratios),
                    Collections.min(ratios),
                    Collections.max(ratios));
        }
    }

    private static double median(List<Double> values) {
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    /**
     * Measures and prints.
     *
     * @param arguments a pattern that chooses rows, and a number of rounds; all rows without
     * @throws IOException if a file cannot be used
     */
    public static void main(String... arguments) throws IOException {
        Pattern pattern = Pattern.compile(arguments.length == 0 ? "" : arguments[0]);
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : ROUNDS;
        Path folder = Path.of(System.getProperty("pinbounce.bench.dir", "target"));
        ScaleRatios scale = new ScaleRatios(folder, rounds);
        for (Row row : scale.rows()) {
            if (pattern.matcher(row.text).find()) {
                scale.measure(row);
            }
        }
    }
}
