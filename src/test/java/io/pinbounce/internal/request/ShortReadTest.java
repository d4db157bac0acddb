package io.pinbounce.internal.request;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pinbounce.DirectFile;
import io.pinbounce.DirectOptions;
import io.pinbounce.OnEngine;
import io.pinbounce.Protection;
import io.pinbounce.Transfer;
import io.pinbounce.buffer.PinnedArena;
import io.pinbounce.internal.engine.HookedEngine;
import io.pinbounce.internal.engine.SimulatedEngine;
import io.pinbounce.internal.engine.SimulatedEngine.Outcome;
import io.pinbounce.internal.engine.Submission;
import io.pinbounce.internal.linux.Errno;
import io.pinbounce.testing.DiskTest;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

import java.io.IOException;
import java.util.Arrays;

/** A read that came out short is at the end of the file only if nothing more comes. */
class ShortReadTest extends DiskTest {

    private DirectFile open(Protection protection) throws IOException {
        return open(options().protection(protection));
    }

    /** The first reading of every place is cut to less than an interval, or than a block. */
    private void shortenReads(long first) {
        int[] turn = new int[1];
        disk.fault(
                s ->
                        s.op() == Submission.Op.READ && turn[0]++ % 2 == 0
                                ? Outcome.shortened(first)
                                : Outcome.NORMAL);
    }

    @Test
    void partOfAnIntervalIsNotTheEnd() throws IOException {
        byte[] data = bytes(1, 16_384);
        try (DirectFile file = open(Protection.t10(4096).memory())) {
            file.write(heap(data), 0);
            shortenReads(1536);
            byte[] back = new byte[16_384];
            assertEquals(16_384, file.read(heap(back), 0));
            assertArrayEquals(data, back);
            file.write(heap(new byte[100]), 5000); // the rest of its interval is read, and kept
            Arrays.fill(data, 5000, 5100, (byte) 0);
            assertEquals(16_384, file.read(heap(back), 0));
            assertArrayEquals(data, back);
            file.truncate(7000);
            assertEquals(7000, file.read(heap(back), 0));
        }
    }

    @Test
    void partOfAnUnprotectedIntervalIsKeptToo() throws IOException {
        byte[] data = bytes(1, 16_384);
        try (DirectFile file = open(Protection.none())) {
            file.write(heap(data), 0);
        }
        try (DirectFile file = open(Protection.t10(4096).memory())) {
            shortenReads(512);
            file.write(heap(new byte[100]), 0);
            Arrays.fill(data, 0, 100, (byte) 0);
            assertArrayEquals(data, disk.contents(PATH));
        }
    }

    @Test
    void aReadAtTheEndIsNotIssuedAgain() throws IOException {
        try (DirectFile file = open(Protection.none())) {
            file.write(heap(bytes(1, 5000)), 0);
            disk.clearLog();
            assertEquals(5000, file.read(heap(new byte[8192]), 0));
            assertEquals(1, disk.log().size());
        }
    }

    @Test
    void onlyInterruptionsInARowCount() throws IOException {
        byte[] data = bytes(1, 60_000);
        try (DirectFile file = open(Protection.none())) {
            file.write(heap(data), 0);
            int[] turn = new int[1];
            disk.fault(
                    _ -> turn[0]++ % 2 == 0 ? Outcome.failed(Errno.EINTR) : Outcome.shortened(512));
            byte[] back = new byte[60_000];
            assertEquals(60_000, file.read(heap(back), 0));
            assertArrayEquals(data, back);
        }
    }

    /**
     * The size grows past the padding that a pinned read saw, before the read looks at the size.
     */
    @Test
    void zerosThatFillTheLastBlockForAMomentAreNotRead() throws IOException {
        int length = 777;
        DirectOptions options = DirectOptions.readWrite().create().bouncePool(pool);
        AppendWhileReading engine = new AppendWhileReading(disk);
        try (DirectFile appender = OnEngine.file(PATH, options, engine);
                DirectFile reader = OnEngine.file(PATH, options.transfer(Transfer.PIN), engine);
                PinnedArena arena = PinnedArena.ofShared()) {
            appender.write(heap(bytes(1, length)), 0);
            engine.meanwhile =
                    () -> {
                        appender.write(heap(bytes(2, length)), length);
                        appender.write(heap(bytes(3, length)), 2L * length);
                    };
            assertEquals(length, reader.read(arena.allocate(4096), 0));
            assertEquals(3L * length, appender.size());
        }
    }

    /** Reads once, between the write and the cut of another request. */
    private static final class AppendWhileReading extends HookedEngine {

        /** What happens while the next read is under way. */
        private @Nullable Executable meanwhile;

        private @Nullable Submission reading;

        private long result;

        AppendWhileReading(SimulatedEngine disk) {
            super(disk, _ -> {});
        }

        @Override
        public long transfer(Submission submission) {
            Executable others = meanwhile;
            if (others != null && submission.op() == Submission.Op.READ) {
                meanwhile = null;
                reading = submission;
                assertDoesNotThrow(others);
                return result;
            }
            long moved = super.transfer(submission);
            if (reading != null && submission.op() == Submission.Op.WRITE) {
                result = super.transfer(reading);
                reading = null;
            }
            return moved;
        }
    }
}
