package io.pinbounce.contract;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.buffer.PinnedArena;
import io.pinbounce.internal.engine.FileHandle;
import io.pinbounce.internal.engine.IoEngine;
import io.pinbounce.internal.engine.Submission;
import io.pinbounce.internal.linux.OpenFlags;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;

/** What a disk does to data at rest. */
final class Damage {

    private static final int BLOCK = 4096;

    private Damage() {}

    /** Flips one bit through a handle that nothing in the library knows of; the size stays. */
    static void flipBit(Place place, PinnedArena arena, Path path, long position) {
        IoEngine engine = place.engine();
        int handle = engine.open(path, OpenFlags.O_RDWR | OpenFlags.O_DIRECT);
        assertTrue(handle >= 0, "open: " + handle);
        long size = engine.size(handle);
        MemorySegment block = arena.allocate(BLOCK);
        FileHandle file = new FileHandle(handle);
        Submission submission = new Submission();
        long start = position - position % BLOCK;
        submission.prep(Submission.Op.READ, file, start);
        submission.add(block);
        assertTrue(engine.transfer(submission) > position % BLOCK, "the position is in the file");
        byte old = block.get(ValueLayout.JAVA_BYTE, position % BLOCK);
        block.set(ValueLayout.JAVA_BYTE, position % BLOCK, (byte) (old ^ 1));
        submission.prep(Submission.Op.WRITE, file, start);
        submission.add(block);
        assertTrue(engine.transfer(submission) == BLOCK, "the block is written");
        assertTrue(engine.truncate(handle, size) == 0, "the size is restored");
        engine.close(handle);
    }
}
