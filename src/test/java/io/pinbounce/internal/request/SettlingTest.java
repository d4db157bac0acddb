package io.pinbounce.internal.request;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.pinbounce.DirectFile;
import io.pinbounce.DirectIoException;
import io.pinbounce.DirectOptions;
import io.pinbounce.Durability;
import io.pinbounce.OnEngine;
import io.pinbounce.Protection;
import io.pinbounce.ProtectionException;
import io.pinbounce.Transfer;
import io.pinbounce.buffer.PinnedArena;
import io.pinbounce.internal.engine.HookedEngine;
import io.pinbounce.internal.engine.SimulatedEngine.Outcome;
import io.pinbounce.internal.engine.Submission;
import io.pinbounce.internal.linux.Errno;
import io.pinbounce.testing.DiskTest;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;

/** What a request that did not end well leaves behind: sizes, tuples, and which error is told. */
class SettlingTest extends DiskTest {

    private static final Protection PROTECTION = Protection.t10(4096).memory();

    private DirectOptions options(Transfer transfer) {
        return options().transfer(transfer);
    }

    private DirectFile openGuarded() throws IOException {
        return open(options(Transfer.BOUNCE).protection(PROTECTION));
    }

    private void failWrites(Outcome outcome) {
        disk.fault(s -> s.op() == Submission.Op.WRITE ? outcome : Outcome.NORMAL);
    }

    /** The padding and data of the failed write are cut off, and their tuples with them. */
    @ParameterizedTest
    @ValueSource(longs = {0, 512, 4096, 1 << 20})
    void aFailedWritePastTheEndLeavesTheOldIntervalsGood(long moved) throws IOException {
        byte[] old = bytes(1, 5000);
        try (DirectFile file = openGuarded()) {
            file.write(MemorySegment.ofArray(old), 0);
            failWrites(new Outcome(moved, -Errno.EIO));
            assertThrows(
                    DirectIoException.class,
                    () -> file.write(MemorySegment.ofArray(bytes(2, 20_000)), 5000));
            disk.fault(_ -> Outcome.NORMAL);
            assertEquals(5000, file.size());
            assertArrayEquals(old, read(file, 0, 8192));
            file.truncate(40_000);
            assertArrayEquals(Arrays.copyOf(old, 40_000), read(file, 0, 40_000));
        }
    }

    /**
     * Reading back fails, too, but intervals past the end need no verdict: they return as zeros.
     */
    @Test
    void intervalsThatAreCutOffAreNotDamaged() throws IOException {
        byte[] old = bytes(1, 4096);
        try (DirectFile file = openGuarded()) {
            file.write(MemorySegment.ofArray(old), 0);
            disk.fault(_ -> new Outcome(1 << 20, -Errno.EIO));
            assertThrows(
                    DirectIoException.class,
                    () -> file.write(MemorySegment.ofArray(bytes(2, 20_000)), 4096));
            disk.fault(_ -> Outcome.NORMAL);
            assertEquals(4096, file.size());
            file.truncate(40_000);
            assertArrayEquals(Arrays.copyOf(old, 40_000), read(file, 0, 40_000));
        }
    }

    /** More segments than one submission takes, and memory that goes away after the first. */
    @Test
    void whatWasWrittenBeforeTheMemoryWentAwayIsGuarded() throws IOException {
        PinnedArena[] arena = {PinnedArena.ofShared()};
        int[] writes = new int[1];
        HookedEngine engine =
                new HookedEngine(
                        disk,
                        s -> {
                            if (s.op() == Submission.Op.WRITE && ++writes[0] == 2) {
                                arena[0].close();
                            }
                        });
        DirectOptions options = options(Transfer.PIN).protection(PROTECTION);
        Protection small = Protection.t10(512).memory();
        try (DirectFile file = OnEngine.file(PATH, options.protection(small), engine)) {
            MemorySegment memory = arena[0].allocate(20 * 512);
            byte[] now = bytes(2, 20 * 512);
            MemorySegment.copy(now, 0, memory, ValueLayout.JAVA_BYTE, 0, now.length);
            var parts = new ArrayList<MemorySegment>();
            for (int i = 0; i < 20; i++) {
                parts.add(memory.asSlice(i * 512L, 512));
            }
            assertThrows(IllegalStateException.class, () -> file.write(parts, 0));
            assertEquals(16 * 512, file.size());
            try (PinnedArena mine = PinnedArena.ofShared()) {
                MemorySegment back = mine.allocate(32 * 512);
                assertEquals(16 * 512, file.read(back, 0));
                assertEquals(
                        -1,
                        back.asSlice(0, 16 * 512)
                                .mismatch(MemorySegment.ofArray(now).asSlice(0, 16 * 512)));
            }
        }
    }

    /** Giving back goes wrong too: the caller is told of the first error, the second goes along. */
    @Test
    void theFirstErrorIsNotMasked() throws IOException {
        HookedEngine engine =
                new HookedEngine(
                        disk,
                        s -> {
                            disk.transfer(s);
                            disk.truncateResult(-Errno.EIO);
                            throw new IllegalStateException("the engine broke");
                        });
        try (DirectFile file = OnEngine.file(PATH, options(Transfer.BOUNCE), engine)) {
            MemorySegment memory = MemorySegment.ofArray(bytes(1, 100));
            IllegalStateException e =
                    assertThrows(IllegalStateException.class, () -> file.write(memory, 0));
            assertEquals("the engine broke", e.getMessage());
            assertEquals(1, e.getSuppressed().length);
        }
    }

    @Test
    void aFailedForceOfTheCutIsFinal() throws IOException {
        DirectOptions options = options(Transfer.BOUNCE).durability(Durability.DSYNC);
        try (DirectFile file = OnEngine.file(PATH, options, disk)) {
            disk.forceResult(-Errno.EIO);
            MemorySegment memory = MemorySegment.ofArray(bytes(1, 100));
            assertThrows(DirectIoException.class, () -> file.write(memory, 0));
            disk.forceResult(0);
            assertThrows(DirectIoException.class, file::force);
            assertThrows(DirectIoException.class, () -> file.write(memory, 0));
        }
    }

    /** The interval had no tuple, but what is there now is known to be neither old nor new. */
    @Test
    void anUnprotectedIntervalThatIsTornIsDamaged() throws IOException {
        try (DirectFile file = OnEngine.file(PATH, options(Transfer.BOUNCE), disk)) {
            file.write(MemorySegment.ofArray(bytes(1, 8192)), 0);
        }
        try (DirectFile file = openGuarded()) {
            disk.fault(
                    s ->
                            s.op() == Submission.Op.WRITE
                                    ? new Outcome(1024, -Errno.EIO)
                                    : Outcome.NORMAL);
            MemorySegment memory = MemorySegment.ofArray(bytes(2, 4096));
            assertThrows(DirectIoException.class, () -> file.write(memory, 0));
            disk.fault(_ -> Outcome.NORMAL);
            assertThrows(ProtectionException.class, () -> read(file, 0, 4096));
            assertEquals(4096, read(file, 4096, 4096).length);
            file.write(memory, 0);
            assertEquals(4096, read(file, 0, 4096).length);
        }
    }
}
