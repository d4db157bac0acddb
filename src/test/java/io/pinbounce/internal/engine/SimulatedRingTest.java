package io.pinbounce.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.buffer.PinnedArena;
import io.pinbounce.internal.engine.Submission.Op;
import io.pinbounce.internal.linux.OpenFlags;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

class SimulatedRingTest {

    private static final int BLOCK = 512;

    private static final int DEPTH = 32;

    private final PinnedArena arena = PinnedArena.ofConfined();

    private final MemorySegment memory = arena.allocate(DEPTH * BLOCK);

    @AfterEach
    void closeArena() {
        arena.close();
    }

    /** A disk with one file. */
    private static final class Disk {

        final SimulatedEngine engine = new SimulatedEngine(BLOCK, BLOCK);

        final Path path = Path.of("/disk/file");

        final FileHandle file = new FileHandle(engine.open(path, OpenFlags.O_CREAT));

        Disk(long seed) {
            engine.seed(seed);
        }
    }

    private void prepAll(IoRing ring, Op op, FileHandle file) {
        Submission submission = new Submission();
        for (int slot = 0; slot < DEPTH; slot++) {
            submission.prep(op, file, (long) slot * BLOCK);
            submission.add(memory, (long) slot * BLOCK, BLOCK);
            ring.prep(slot, submission);
        }
    }

    /** How many completions each enter brings, and which. */
    private List<List<Integer>> trace(long seed) {
        Disk disk = new Disk(seed);
        List<List<Integer>> trace = new ArrayList<>();
        try (IoRing ring = disk.engine.openRing(DEPTH)) {
            prepAll(ring, Op.WRITE, disk.file);
            for (int count = 0; count < DEPTH; count += trace.getLast().size()) {
                ring.enter(0, 0);
                trace.add(drain(ring));
            }
        }
        return trace;
    }

    private static List<Integer> drain(IoRing ring) {
        Completions done = new Completions(DEPTH);
        ring.drain(done);
        List<Integer> slots = new ArrayList<>();
        for (int i = 0; i < done.count(); i++) {
            slots.add(done.slot(i));
        }
        return slots;
    }

    @Test
    void theSeedDecidesTheOrderAndTheDelays() {
        List<List<Integer>> trace = trace(1);
        assertEquals(trace, trace(1));
        assertNotEquals(trace, trace(2));
        assertTrue(trace.size() > 1, "nothing is delayed");
        List<Integer> order = trace.stream().flatMap(List::stream).toList();
        List<Integer> sorted = List.copyOf(new TreeSet<>(order));
        assertEquals(DEPTH, sorted.size());
        assertNotEquals(sorted, order);
    }

    @Test
    void writesTakeTheirBytesAtAnyTimeBeforeTheyComplete() {
        Disk disk = new Disk(3);
        try (IoRing ring = disk.engine.openRing(DEPTH)) {
            memory.fill((byte) 1);
            prepAll(ring, Op.WRITE, disk.file);
            for (int fill = 2, left = DEPTH; left > 0; fill++) {
                ring.enter(0, 0);
                left -= drain(ring).size();
                memory.fill((byte) fill);
            }
        }
        byte[] contents = disk.engine.contents(disk.path);
        TreeSet<Byte> fills = new TreeSet<>();
        for (int slot = 0; slot < DEPTH; slot++) {
            fills.add(contents[slot * BLOCK]);
        }
        assertEquals((byte) 1, fills.first()); // the write took its bytes when it was sent
        assertTrue(fills.size() > 1, "memory that changed in flight does not show");
    }

    @Test
    void aWriteMayHaveItsBytesLongBeforeItCompletes() {
        Disk disk = new Disk(4);
        try (IoRing ring = disk.engine.openRing(DEPTH)) {
            prepAll(ring, Op.WRITE, disk.file);
            ring.enter(0, 0);
            int logged = disk.engine.log().size();
            int completed = drain(ring).size();
            assertTrue(completed < logged && logged < DEPTH, completed + " of " + logged);
        }
        assertEquals(DEPTH, disk.engine.log().size());
    }

    @Test
    void readsFillMemoryWhenTheyComplete() {
        Disk disk = new Disk(5);
        try (IoRing ring = disk.engine.openRing(DEPTH)) {
            memory.fill((byte) 1);
            prepAll(ring, Op.WRITE, disk.file);
            ring.enter(DEPTH, 0);
            drain(ring);
            memory.fill((byte) 0);
            prepAll(ring, Op.READ, disk.file);
            TreeSet<Integer> done = new TreeSet<>();
            while (done.size() < DEPTH) {
                for (int slot = 0; slot < DEPTH; slot++) {
                    int expected = done.contains(slot) ? 1 : 0;
                    long at = (long) slot * BLOCK;
                    assertEquals(expected, memory.get(ValueLayout.JAVA_BYTE, at), "slot=" + slot);
                }
                ring.enter(0, 0);
                done.addAll(drain(ring));
            }
        }
    }
}
