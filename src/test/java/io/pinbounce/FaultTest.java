package io.pinbounce;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.internal.engine.SimulatedEngine.Outcome;
import io.pinbounce.internal.engine.Submission;
import io.pinbounce.internal.linux.Errno;
import io.pinbounce.testing.DiskTest;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;

/** What happens when the disk does not do as it is told. */
class FaultTest extends DiskTest {

    private static final Protection PROTECTION = Protection.t10(512).memory();

    private DirectFile open(Transfer transfer, Protection protection) throws IOException {
        return open(options().transfer(transfer).protection(protection));
    }

    private DirectFile open(Transfer transfer) throws IOException {
        return open(transfer, Protection.none());
    }

    /** Fails the n-th transfer of a kind, counted from 1, and only that. */
    private void failOnce(Submission.Op op, int number, Outcome outcome) {
        int[] seen = new int[1];
        disk.fault(s -> s.op() == op && ++seen[0] == number ? outcome : Outcome.NORMAL);
    }

    private void heal() {
        disk.fault(_ -> Outcome.NORMAL);
    }

    @ParameterizedTest
    @EnumSource(Transfer.class)
    void shortTransfersAreIssuedAgain(Transfer transfer) throws IOException {
        disk.fault(_ -> Outcome.shortened(1536));
        try (DirectFile file = open(transfer)) {
            byte[] data = bytes(1, 100 * 512);
            file.write(pinned(data), 512);
            assertArrayEquals(data, Arrays.copyOfRange(disk.contents(PATH), 512, 101 * 512));
            MemorySegment back = arena.allocate(data.length);
            assertEquals(data.length, file.read(back, 512));
            assertArrayEquals(data, back.toArray(ValueLayout.JAVA_BYTE));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {Errno.EINTR, Errno.EAGAIN})
    void interruptedTransfersAreIssuedAgain(int errno) throws IOException {
        int[] turn = new int[1];
        disk.fault(_ -> turn[0]++ % 3 == 0 ? Outcome.NORMAL : Outcome.failed(errno));
        try (DirectFile file = open(Transfer.BOUNCE)) {
            file.write(MemorySegment.ofArray(bytes(1, 5000)), 100);
            assertEquals(5100, file.size());
        }
        disk.fault(_ -> Outcome.failed(errno));
        try (DirectFile file = open(Transfer.BOUNCE)) {
            DirectIoException e =
                    assertThrows(DirectIoException.class, () -> file.read(arena.allocate(512), 0));
            assertEquals(errno, e.errno()); // retries have a limit
        }
    }

    @Test
    void errorsSayWhatWasDone() throws IOException {
        try (DirectFile file = open(Transfer.BOUNCE)) {
            failOnce(Submission.Op.WRITE, 3, Outcome.failed(Errno.EIO));
            DirectIoException e =
                    assertThrows(
                            DirectIoException.class,
                            () -> file.write(MemorySegment.ofArray(bytes(1, 300_000)), 100));
            assertEquals(Errno.EIO, e.errno());
            assertEquals("write", e.op());
            assertEquals(PATH, e.path());
            assertEquals(100, e.position());
            assertEquals(300_000, e.length());
            assertEquals(2 * 65536 - 100, e.bytesDone());
            assertEquals(2 * 65536, file.size());
            String message = String.valueOf(e.getMessage());
            assertTrue(message.contains("errno=EIO"), message);
            assertTrue(message.contains("position=100"), message);
        }
    }

    @Test
    void anErrorAfterPartOfTheDataCountsWhatIsKnown() throws IOException {
        try (DirectFile file = open(Transfer.PIN)) {
            // Half goes through, then the rest fails: the kernel reports first a count, then EIO.
            int[] turn = new int[1];
            disk.fault(_ -> turn[0]++ == 0 ? Outcome.shortened(2048) : Outcome.failed(Errno.EIO));
            DirectIoException e =
                    assertThrows(
                            DirectIoException.class, () -> file.write(pinned(bytes(1, 8192)), 0));
            assertEquals(2048, e.bytesDone());
            assertEquals(2048, file.size());
        }
    }

    @Test
    void aFullDiskLeavesTheSizeExact() throws IOException {
        disk.capacity(10_240);
        try (DirectFile file = open(Transfer.BOUNCE)) {
            file.write(MemorySegment.ofArray(bytes(1, 1000)), 0);
            DirectIoException e =
                    assertThrows(
                            DirectIoException.class,
                            () -> file.write(MemorySegment.ofArray(bytes(2, 20_000)), 1000));
            assertEquals(Errno.ENOSPC, e.errno());
            assertEquals(10_240 - 1000, e.bytesDone());
            assertEquals(10_240, file.size());
            byte[] contents = disk.contents(PATH);
            assertArrayEquals(bytes(1, 1000), Arrays.copyOf(contents, 1000));
            assertArrayEquals(
                    Arrays.copyOf(bytes(2, 20_000), 9240),
                    Arrays.copyOfRange(contents, 1000, 10_240));
        }
    }

    @Test
    void aFailedReadLeavesTheMemoryAlone() throws IOException {
        try (DirectFile file = open(Transfer.BOUNCE)) {
            file.write(MemorySegment.ofArray(bytes(1, 8192)), 0);
            disk.fault(_ -> new Outcome(4096, -Errno.EIO));
            byte[] back = new byte[8192];
            assertThrows(DirectIoException.class, () -> file.read(MemorySegment.ofArray(back), 0));
            assertArrayEquals(new byte[8192], back);
        }
    }

    /** The kernel refuses a whole request for one bad block. */
    private void breakBlock(long position) {
        disk.fault(
                s ->
                        s.op() == Submission.Op.READ
                                        && s.position() <= position
                                        && s.position() + s.length() > position
                                ? Outcome.failed(Errno.EIO)
                                : Outcome.NORMAL);
    }

    @ParameterizedTest
    @EnumSource(Transfer.class)
    void aFailedReadCountsTheBytesBeforeTheBadBlock(Transfer transfer) throws IOException {
        int size = 100 * 4096;
        for (Protection protection : List.of(Protection.none(), PROTECTION)) {
            byte[] data = bytes(2, size);
            try (DirectFile file = open(options().transfer(transfer).protection(protection))) {
                file.write(pinned(data), 0);
                for (int bad : new int[] {0, 1, 15, 16, 37, 99}) {
                    breakBlock((long) bad * 4096);
                    MemorySegment memory = arena.allocate(size).fill((byte) 0x55);
                    DirectIoException e =
                            assertThrows(DirectIoException.class, () -> file.read(memory, 0));
                    assertEquals(Errno.EIO, e.errno());
                    int done = (int) e.bytesDone();
                    byte[] found = memory.toArray(ValueLayout.JAVA_BYTE);
                    assertArrayEquals(
                            Arrays.copyOf(data, done), Arrays.copyOf(found, done), "bad=" + bad);
                    if (transfer == Transfer.BOUNCE) {
                        assertTrue(done <= bad * 4096, "done=" + done + " bad=" + bad);
                        assertEquals(0x55, found[done]);
                    } else {
                        assertEquals((long) bad * 4096, done);
                    }
                    heal();
                    assertEquals(size, file.read(memory, 0));
                    assertArrayEquals(data, memory.toArray(ValueLayout.JAVA_BYTE));
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {Errno.EIO, Errno.EILSEQ})
    void lazyReadsAreReadAgainOnce(int errno) throws IOException {
        byte[] data = bytes(1, 8192);
        try (DirectFile file = open(Transfer.AUTO)) {
            file.write(pinned(data), 0);
            failOnce(Submission.Op.READ, 1, Outcome.failed(errno));
            MemorySegment back = arena.allocate(8192);
            assertEquals(8192, file.read(back, 0));
            assertArrayEquals(data, back.toArray(ValueLayout.JAVA_BYTE));
            assertEquals(1, file.counts().lazyRereads());
            disk.fault(_ -> Outcome.failed(errno));
            DirectIoException e = assertThrows(DirectIoException.class, () -> file.read(back, 0));
            assertEquals(errno, e.errno());
        }
        heal();
        try (DirectFile file = open(Transfer.PIN)) {
            failOnce(Submission.Op.READ, 1, Outcome.failed(errno));
            assertThrows(DirectIoException.class, () -> file.read(arena.allocate(8192), 0));
        }
    }

    /** After a failed guarded write, each interval reads as old, as new, or as known to be bad. */
    @ParameterizedTest
    @EnumSource(Transfer.class)
    void failedGuardedWritesAreSettled(Transfer transfer) throws IOException {
        byte[] old = bytes(1, 4096);
        byte[] now = bytes(2, 4096);
        try (DirectFile file = open(transfer, PROTECTION)) {
            file.write(pinned(old), 0);
            // Three of eight intervals arrive, the engine reports failure.
            failOnce(Submission.Op.WRITE, 1, new Outcome(1536, -Errno.EIO));
            assertThrows(DirectIoException.class, () -> file.write(pinned(now), 0));
            assertEquals(1, file.counts().settledWrites());
            MemorySegment back = arena.allocate(4096);
            assertEquals(4096, file.read(back, 0));
            byte[] mixed = Arrays.copyOf(now, 4096);
            System.arraycopy(old, 1536, mixed, 1536, 4096 - 1536);
            assertArrayEquals(mixed, back.toArray(ValueLayout.JAVA_BYTE));
        }
    }

    @Test
    void anIntervalThatIsNeitherOldNorNewIsDamaged() throws IOException {
        try (DirectFile file = open(Transfer.BOUNCE, PROTECTION)) {
            file.write(MemorySegment.ofArray(bytes(1, 4096)), 0);
            failOnce(Submission.Op.WRITE, 1, new Outcome(4096, -Errno.EIO));
            int[] reads = new int[1];
            disk.fault(
                    s -> {
                        if (s.op() == Submission.Op.READ && reads[0]++ == 0) {
                            disk.flipBit(PATH, 1024); // interval 2, torn by the failed write
                            return Outcome.NORMAL;
                        }
                        return s.op() == Submission.Op.WRITE
                                ? new Outcome(4096, -Errno.EIO)
                                : Outcome.NORMAL;
                    });
            assertThrows(
                    DirectIoException.class,
                    () -> file.write(MemorySegment.ofArray(bytes(2, 4096)), 0));
            ProtectionException e =
                    assertThrows(
                            ProtectionException.class, () -> file.read(arena.allocate(4096), 0));
            assertEquals(1, e.intervals().size());
            assertEquals(2, e.intervals().getFirst().interval());
            assertNull(e.intervals().getFirst().mismatch()); // known to be damaged
            heal();
            assertThrows(
                    ProtectionException.class,
                    () -> file.write(MemorySegment.ofArray(new byte[10]), 1030));
            file.write(MemorySegment.ofArray(bytes(3, 512)), 1024);
            assertEquals(4096, file.read(arena.allocate(4096), 0));
        }
    }

    @Test
    void aWriteThatCannotBeReadBackIsDamaged() throws IOException {
        try (DirectFile file = open(Transfer.BOUNCE, PROTECTION)) {
            file.write(MemorySegment.ofArray(bytes(1, 4096)), 0);
            disk.fault(_ -> Outcome.failed(Errno.EIO));
            assertThrows(
                    DirectIoException.class,
                    () -> file.write(MemorySegment.ofArray(bytes(2, 1024)), 1024));
            heal();
            ProtectionException e =
                    assertThrows(
                            ProtectionException.class, () -> file.read(arena.allocate(4096), 0));
            assertEquals(2, e.intervals().size());
        }
    }

    @Test
    void aFailedForceIsFinal() throws IOException {
        try (DirectFile file = open(Transfer.BOUNCE)) {
            MemorySegment memory = arena.allocate(512);
            file.write(memory, 0);
            disk.forceResult(-Errno.EIO);
            assertThrows(DirectIoException.class, file::force);
            disk.forceResult(0);
            DirectIoException e = assertThrows(DirectIoException.class, file::force);
            assertTrue(String.valueOf(e.getMessage()).contains("earlier force failed"));
            assertThrows(DirectIoException.class, () -> file.write(memory, 0));
            assertThrows(DirectIoException.class, () -> file.truncate(0));
            assertEquals(512, file.read(memory, 0));
        }
        try (DirectFile file = open(Transfer.BOUNCE)) {
            file.force();
        }
    }

    @Test
    void paddingThatCannotBeCutOffIsReported() throws IOException {
        try (DirectFile file = open(Transfer.BOUNCE)) {
            disk.truncateResult(-Errno.EIO);
            DirectIoException e =
                    assertThrows(
                            DirectIoException.class,
                            () -> file.write(MemorySegment.ofArray(bytes(1, 100)), 0));
            assertEquals("truncate", e.op());
            disk.truncateResult(0);
            file.truncate(100);
            assertEquals(100, file.size());
        }
    }

    @Test
    void aPinnedTransferIsNeverLongerThanTheKernelTakes() throws IOException {
        try (DirectFile file = open(Transfer.PIN)) {
            file.write(pinned(bytes(1, 1 << 20)), 0);
            assertEquals(1, disk.log().stream().filter(l -> l.startsWith("WRITE")).count());
        }
    }

    /** The canary: were a bounced write's guards those of the source, this would not be noticed. */
    @Test
    void dataThatChangesOnTheWayIsNoticed() throws IOException {
        try (DirectFile file = open(Transfer.BOUNCE, PROTECTION)) {
            file.write(MemorySegment.ofArray(bytes(1, 4096)), 0);
            disk.flipBit(PATH, 4095);
            ProtectionException e =
                    assertThrows(
                            ProtectionException.class, () -> file.read(arena.allocate(4096), 0));
            assertEquals(7, e.intervals().getFirst().interval());
            assertNotNull(e.intervals().getFirst().mismatch());
        }
    }
}
