package io.pinbounce.internal.engine;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.pinbounce.internal.engine.Submission.Op;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;

/**
 * Random transfers through a ring; all results are known beforehand. Each slot has its own memory
 * and its own part of the file, so the order in which slots are served does not matter; a stamp at
 * the start of each block tells which write it comes from.
 */
final class RingTraffic {

    private static final int BLOCK = RingTests.BLOCK;

    private static final int BLOCKS = 8;

    /** Bytes of each slot's part; a read at the end of the file asks for as many. */
    static final long PART = (long) BLOCKS * BLOCK;

    private final IoRing ring;

    private final FileHandle file;

    private final Random random;

    private final MemorySegment memory;

    /** The stamp in each block of the file; 0 before the first write. */
    private final long[] stamps;

    /** The expected result of each slot that is in flight. */
    private final @Nullable Expected[] expected;

    private final Submission submission = new Submission();

    private final Completions done;

    private long patience = RingTests.PATIENCE;

    private int inFlight;

    private long lastStamp;

    /** The result of a transfer, and the blocks that it reads. */
    private record Expected(long result, int from, int to) {}

    /**
     * Makes a file of zeros: a part for each slot, and a shorter one at the end that is never
     * written.
     */
    RingTraffic(IoRing ring, FileHandle file, Arena arena, Random random) {
        this.ring = ring;
        this.file = file;
        this.random = random;
        int depth = ring.depth();
        memory = arena.allocate(depth * PART);
        stamps = new long[depth * BLOCKS];
        expected = new Expected[depth];
        done = new Completions(depth);
    }

    /** How long a completion may take before it counts as lost. */
    RingTraffic patience(long nanos) {
        patience = nanos;
        return this;
    }

    /** Runs transfers, the first of which fill the file; fails if anything is not as expected. */
    void run(int transfers) {
        int prepared = 0;
        for (; prepared < expected.length; prepared++) {
            prep(prepared, Op.WRITE, 0, BLOCKS);
        }
        await(inFlight);
        while (prepared < transfers || inFlight > 0) {
            int more = Math.min(transfers - prepared, random.nextInt(expected.length + 1));
            for (int slot = 0; slot < expected.length && more > 0; slot++) {
                if (expected[slot] == null && random.nextInt(4) != 0) {
                    prepAny(slot);
                    prepared++;
                    more--;
                }
            }
            await(inFlight == 0 ? 0 : random.nextInt(inFlight) + 1);
        }
    }

    private void prepAny(int slot) {
        int block = random.nextInt(BLOCKS);
        int count = 1 + random.nextInt(BLOCKS - block);
        switch (random.nextInt(10)) {
            case 0 -> prepForce(slot);
            case 1 -> prepBad(slot, count);
            case 2 -> prepAtEnd(slot, block);
            case 3 -> prep(slot, Op.WRITE_FORCE, block, count);
            case 4, 5, 6 -> prep(slot, Op.WRITE, block, count);
            default -> prep(slot, Op.READ, block, count);
        }
    }

    private void prepForce(int slot) {
        submission.prep(Op.FORCE, file, 0);
        send(slot, new Expected(0, 0, 0));
    }

    private void prepBad(int slot, int count) {
        submission.prep(Op.READ, RingTests.NO_FILE, 0);
        add(slot, 0, count);
        send(slot, new Expected(-RingTests.EBADF, 0, 0));
    }

    /** Reads the last part of the file, and a whole part more. */
    private void prepAtEnd(int slot, int block) {
        submission.prep(Op.READ, file, stamps.length * (long) BLOCK - (long) block * BLOCK);
        add(slot, 0, BLOCKS);
        send(slot, new Expected((long) block * BLOCK, 0, 0));
    }

    private void prep(int slot, Op op, int block, int count) {
        submission.prep(op, file, slot * PART + (long) block * BLOCK);
        add(slot, block, count);
        for (int i = block; i < block + count; i++) {
            MemorySegment here = block(slot, i);
            if (op == Op.READ) {
                here.fill((byte) -1);
            } else {
                stamps[slot * BLOCKS + i] = ++lastStamp;
                here.set(JAVA_LONG, 0, lastStamp);
                here.set(JAVA_LONG, BLOCK - 8, lastStamp);
            }
        }
        send(
                slot,
                new Expected((long) count * BLOCK, block, op == Op.READ ? block + count : block));
    }

    private MemorySegment block(int slot, int block) {
        return memory.asSlice(slot * PART + (long) block * BLOCK, BLOCK);
    }

    /** Adds the blocks as one piece, or as a piece for each. */
    private void add(int slot, int block, int count) {
        if (random.nextBoolean()) {
            submission.add(memory, slot * PART + (long) block * BLOCK, (long) count * BLOCK);
            return;
        }
        for (int i = block; i < block + count; i++) {
            submission.add(block(slot, i));
        }
    }

    private void send(int slot, Expected what) {
        ring.prep(slot, submission);
        expected[slot] = what;
        inFlight++;
    }

    private void await(int min) {
        check(ring.enter(min, patience) == 0, "enter failed");
        done.clear();
        ring.drain(done);
        check(done.count() >= min, "lost: of " + min + " came " + done.count());
        for (int i = 0; i < done.count(); i++) {
            complete(done.slot(i), done.result(i), done.forced(i));
        }
    }

    private void complete(int slot, long result, int forced) {
        Expected what = expected[slot];
        if (what == null) {
            throw new AssertionError("nothing was in flight, slot=" + slot);
        }
        expected[slot] = null;
        inFlight--;
        check(result == what.result, slot + " expected " + what + ", result=" + result);
        check(forced == 0, "forced=" + forced);
        for (int i = what.from; i < what.to; i++) {
            long stamp = stamps[slot * BLOCKS + i];
            MemorySegment here = block(slot, i);
            check(here.get(JAVA_LONG, 0) == stamp, "stale, slot=" + slot + " block=" + i);
            check(here.get(JAVA_LONG, BLOCK - 8) == stamp, "torn, slot=" + slot);
        }
    }

    private static void check(boolean good, String message) {
        if (!good) {
            throw new AssertionError(message);
        }
    }
}
