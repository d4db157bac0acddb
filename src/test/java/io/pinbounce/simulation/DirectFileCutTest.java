package io.pinbounce.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.Completion;
import io.pinbounce.DirectFile;
import io.pinbounce.DirectIoException;
import io.pinbounce.DirectOptions;
import io.pinbounce.DirectQueue;
import io.pinbounce.Engine;
import io.pinbounce.OnEngine;
import io.pinbounce.internal.engine.DiskFaults;
import io.pinbounce.internal.engine.SimulatedEngine;
import io.pinbounce.internal.linux.Errno;
import io.pinbounce.testing.IoTest;
import io.pinbounce.testing.Seed;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** What the library does when the power goes in the middle of anything, and what is left then. */
class DirectFileCutTest extends IoTest {

    private static final Path PATH = Path.of("/disk/file");

    private static final int BLOCK = 512;

    private static final int BLOCKS = 8;

    private static final int DEPTH = 4;

    private static final int RUNS = 300;

    private DirectFile open(SimulatedEngine engine) throws IOException {
        return OnEngine.file(PATH, DirectOptions.readWrite().create().bouncePool(pool), engine);
    }

    /** A file's blocks, each filled with a version, and those that may be left of each. */
    private final class Run {

        private final Random random;

        private SimulatedEngine engine = new SimulatedEngine(BLOCK, BLOCK);

        private final List<List<Integer>> possible = new ArrayList<>();

        private int version;

        Run(long seed) {
            random = new Random(seed);
            engine.seed(seed);
            for (int i = 0; i < BLOCKS; i++) {
                possible.add(new ArrayList<>(List.of(0)));
            }
        }

        /** Writes and forces until the power goes. */
        void useUntilCut() {
            engine.disk().cutPowerAt(1 + random.nextInt(40), random);
            Executable use = random.nextBoolean() ? this::useFile : this::useQueue;
            DirectIoException cut = assertThrows(DirectIoException.class, use);
            assertEquals(Errno.EIO, cut.errno());
            assertTrue(engine.isDead());
            assertEquals(0, engine.openHandles());
            engine = engine.restart();
        }

        private void useFile() throws IOException {
            try (DirectFile file = open(engine)) {
                while (true) {
                    change(file);
                }
            }
        }

        private void useQueue() throws IOException {
            try (DirectFile file = open(engine);
                    DirectQueue queue = OnEngine.queue(DEPTH, Engine.AUTO, engine)) {
                while (true) {
                    changeMany(file, queue);
                }
            }
        }

        /** Each of a volley has a block of its own; those that are forced can be relied on. */
        private void changeMany(DirectFile file, DirectQueue queue) throws IOException {
            int first = random.nextInt(BLOCKS);
            for (int i = 0; i < DEPTH; i++) {
                int block = (first + i) % BLOCKS;
                MemorySegment memory = nextVersion(block);
                if (random.nextInt(4) == 0) {
                    queue.writeAndForce(file, memory, (long) block * BLOCK, BLOCKS + block);
                } else {
                    queue.write(file, memory, (long) block * BLOCK, block);
                }
            }
            queue.await(DEPTH, this::complete);
        }

        private void complete(Completion done) throws IOException {
            assertEquals(BLOCK, done.bytes());
            if (done.token() >= BLOCKS) {
                settle(possible.get((int) done.token() - BLOCKS));
            }
        }

        /** The last version is durable. */
        private void settle(List<Integer> versions) {
            versions.subList(0, versions.size() - 1).clear();
        }

        private MemorySegment nextVersion(int block) {
            byte[] bytes = new byte[BLOCK];
            version = version % 120 + 1;
            Arrays.fill(bytes, (byte) version);
            possible.get(block).add(version);
            return MemorySegment.ofArray(bytes);
        }

        private void change(DirectFile file) throws IOException {
            if (random.nextInt(4) == 0) {
                file.force();
                possible.forEach(this::settle);
                return;
            }
            int block = random.nextInt(BLOCKS);
            file.write(nextVersion(block), (long) block * BLOCK);
        }

        void check(String message) throws IOException {
            try (DirectFile file = open(engine)) {
                for (int i = 0; i < BLOCKS; i++) {
                    byte[] bytes = new byte[BLOCK];
                    file.read(MemorySegment.ofArray(bytes), (long) i * BLOCK);
                    int left = bytes[0];
                    assertTrue(possible.get(i).contains(left), message + " block=" + i);
                    possible.set(i, new ArrayList<>(List.of(left)));
                }
            }
        }
    }

    /** Many runs of some cuts each, on disks that drop flushes at a rate. */
    private void runAll(double lies) throws IOException {
        for (int i = 0; i < RUNS; i++) {
            Run run = new Run(Seed.value() + i);
            run.engine.disk().faults().rate(DiskFaults.Kind.DROPPED_FLUSH, lies);
            for (int cut = 0; cut < 5; cut++) {
                run.useUntilCut();
                run.check("run=" + i + " cut=" + cut);
            }
        }
    }

    @Test
    void whatWasForcedIsThereAfterAnyCut() throws IOException {
        runAll(0);
    }

    @Test
    void canaryADiskThatDropsFlushesIsSeen() {
        assertThrows(AssertionError.class, () -> runAll(0.5));
    }
}
