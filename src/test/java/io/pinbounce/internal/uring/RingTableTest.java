package io.pinbounce.internal.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.buffer.BouncePool;
import io.pinbounce.buffer.PinnedArena;
import io.pinbounce.internal.engine.FileHandle;
import io.pinbounce.internal.engine.Submission;
import io.pinbounce.internal.linux.Descriptors;
import io.pinbounce.internal.linux.Errno;
import io.pinbounce.internal.linux.Faults;
import io.pinbounce.internal.linux.FaultyUring;
import io.pinbounce.internal.linux.LibC;
import io.pinbounce.internal.linux.OpenFlags;
import io.pinbounce.testing.PoolSlots;
import io.pinbounce.testing.ProcessMemory;
import io.pinbounce.testing.Requirements;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Registered files and memory. */
class RingTableTest {

    private static final int BLOCK = 4096;

    private static final String FILES_UPDATE = "register-6";

    private static final String BUFFERS_UPDATE = "register-16";

    private final Faults faults = new Faults();

    private final FaultyUring uring = new FaultyUring(faults);

    private RingFixture ring;

    @BeforeEach
    void open() throws Exception {
        ring = RingFixture.open(RingFixture.machine(uring), 8);
    }

    @AfterEach
    void close() {
        ring.close();
    }

    private void read(MemorySegment... pieces) {
        long length = 0;
        for (MemorySegment piece : pieces) {
            piece.fill((byte) 0);
            length += piece.byteSize();
        }
        assertEquals(length, ring.transfer(Submission.Op.READ, 0, pieces));
        for (MemorySegment piece : pieces) {
            byte[] expected = new byte[(int) piece.byteSize()];
            Arrays.fill(expected, RingFixture.CONTENT);
            assertEquals(-1, piece.mismatch(MemorySegment.ofArray(expected)));
        }
    }

    /** The entry that a transfer makes, as the ring prints it. */
    private String entry(Submission.Op op, MemorySegment... pieces) {
        ring.prep(0, op, 0, pieces);
        String text = ring.ring().toString();
        ring.finish(1);
        return text.substring(text.indexOf('{'), text.lastIndexOf('}') + 1);
    }

    @ParameterizedTest
    @CsvSource({"READ, 1, 4", "WRITE, 1, 5", "READ, 2, 60", "WRITE, 2, 61"})
    void pinnedMemoryIsTransferredByItsRegistration(Submission.Op op, int pieces, int opcode) {
        try (PinnedArena arena = PinnedArena.ofShared()) {
            MemorySegment memory = arena.allocate(4 * BLOCK);
            read(memory);
            MemorySegment[] parts = new MemorySegment[pieces];
            for (int i = 0; i < pieces; i++) {
                parts[i] = memory.asSlice(2L * i * BLOCK, BLOCK);
            }
            String entry = entry(op, parts);
            assertTrue(entry.startsWith("{opcode=" + opcode + " flags=1 fd=0 "), entry);
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 22", "2, 1"})
    void foreignMemoryIsTransferredByItsAddress(int pieces, int opcode) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment[] parts = new MemorySegment[pieces];
            for (int i = 0; i < pieces; i++) {
                parts[i] = arena.allocate(BLOCK, BLOCK);
            }
            String entry = entry(Submission.Op.READ, parts);
            assertTrue(entry.startsWith("{opcode=" + opcode + " "), entry);
            assertEquals(0, faults.calls(BUFFERS_UPDATE));
        }
    }

    @Test
    void piecesOfTwoRegionsAreTransferredByTheirAddresses() {
        try (PinnedArena arena = PinnedArena.ofShared()) {
            MemorySegment first = arena.allocate(BLOCK);
            MemorySegment second = arena.allocate(BLOCK);
            for (int i = 0; i < 2; i++) {
                read(first);
                read(second);
            }
            assertEquals(2, faults.calls(BUFFERS_UPDATE));
            String entry = entry(Submission.Op.READ, first, second);
            assertTrue(entry.startsWith("{opcode=1 "), entry);
        }
    }

    @Test
    void memoryAndFilesThatAreUsedAgainAreRegisteredOnce() {
        try (PinnedArena arena = PinnedArena.ofShared()) {
            MemorySegment memory = arena.allocate(BLOCK);
            for (int i = 0; i < 10; i++) {
                read(memory);
            }
            assertEquals(1, faults.calls(FILES_UPDATE));
            assertEquals(1, faults.calls(BUFFERS_UPDATE));
        }
    }

    /** The region is as long as the allocation; which of its bytes are moved does not matter. */
    @Test
    void memoryIsRegisteredOnceAsManyBytesAsItIsLongHaveGoneThroughIt() {
        try (PinnedArena arena = PinnedArena.ofShared()) {
            MemorySegment memory = arena.allocate(8 * BLOCK);
            for (int i = 0; i < 6; i++) {
                read(memory.asSlice(0, BLOCK));
            }
            read(memory.asSlice(0, BLOCK), memory.asSlice(2 * BLOCK, BLOCK));
            assertEquals(0, faults.calls(BUFFERS_UPDATE));
            for (int i = 0; i < 8; i++) {
                read(memory.asSlice((long) i * BLOCK, BLOCK));
                assertEquals(1, faults.calls(BUFFERS_UPDATE));
            }
        }
    }

    /** Registrations are counted, for each makes a whole region count as locked memory. */
    @ParameterizedTest
    @ValueSource(ints = {2, 8, 32})
    void ringsOfOneSmallRequestEachRegisterNoMemory(int rings) throws Exception {
        List<RingFixture> open = new ArrayList<>();
        try (BouncePool pool = new BouncePool(BouncePool.DEFAULT_MAX_SLOT, BLOCK << 8);
                BouncePool.Slot slot = PoolSlots.acquire(pool, BLOCK)) {
            MemorySegment memory = slot.memory();
            for (int i = 0; i < rings; i++) {
                RingFixture one = RingFixture.open(RingFixture.machine(uring), 8);
                open.add(one);
                assertEquals(BLOCK, one.transfer(Submission.Op.READ, 0, memory));
            }
            assertEquals(rings, faults.calls(FILES_UPDATE));
            assertEquals(0, faults.calls(BUFFERS_UPDATE));
            for (int i = 0; i < 1 << 8; i++) {
                assertEquals(BLOCK, open.getFirst().transfer(Submission.Op.READ, 0, memory));
            }
            assertEquals(1, faults.calls(BUFFERS_UPDATE)); // a busy ring does register memory
        } finally {
            open.forEach(RingFixture::close);
        }
    }

    @Test
    void withTooLittleLockedMemoryTheRingWorksUnregisteredAndNotesWhy() {
        faults.fail(BUFFERS_UPDATE, 1, Errno.ENOMEM).fail(FILES_UPDATE, 1, Errno.ENOMEM);
        try (PinnedArena arena = PinnedArena.ofShared()) {
            MemorySegment memory = arena.allocate(2 * BLOCK);
            read(memory);
            read(memory.asSlice(0, BLOCK), memory.asSlice(BLOCK, BLOCK));
            read(memory);
            assertEquals(1, faults.calls(BUFFERS_UPDATE)); // not asked again
            assertEquals(1, faults.calls(FILES_UPDATE));
            List<String> notes = ring.ring().notes();
            assertEquals(2, notes.size());
            assertTrue(notes.getFirst().startsWith("some files are not"), notes.toString());
            assertTrue(notes.getLast().contains("raise ulimit -l"), notes.toString());
        }
        assertEquals(0, ring.poll());
    }

    @ParameterizedTest
    @CsvSource({"register-2, files", "register-15, buffers"})
    void withoutATableTheRingWorksUnregisteredAndNotesWhy(String call, String what)
            throws Exception {
        faults.fail(call, 2, Errno.EINVAL);
        try (RingFixture without = RingFixture.open(RingFixture.machine(uring), 8);
                PinnedArena arena = PinnedArena.ofShared()) {
            MemorySegment memory = arena.allocate(BLOCK);
            assertEquals(BLOCK, without.transfer(Submission.Op.WRITE_FORCE, 0, memory));
            assertEquals(0, without.forced());
            String notes = without.ring().notes().toString();
            assertTrue(notes.contains("some " + what + " are not registered"), notes);
        }
    }

    @Test
    void vectorsAreTransferredByAddressOnAKernelWithoutFixedVectors() throws Exception {
        uring.withoutOpcodesFrom(SqeLayout.IORING_OP_READV_FIXED);
        try (RingFixture without = RingFixture.open(RingFixture.machine(uring), 8);
                PinnedArena arena = PinnedArena.ofShared()) {
            MemorySegment memory = arena.allocate(2 * BLOCK);
            MemorySegment first = memory.asSlice(0, BLOCK);
            MemorySegment second = memory.asSlice(BLOCK, BLOCK);
            for (int i = 0; i < 2; i++) {
                assertEquals(2 * BLOCK, without.transfer(Submission.Op.READ, 0, first, second));
            }
            assertEquals(0, faults.calls(BUFFERS_UPDATE));
        }
    }

    @Test
    void filesBeyondTheTableAreTransferredByTheirNumbers() {
        try (PinnedArena arena = PinnedArena.ofShared()) {
            MemorySegment memory = arena.allocate(BLOCK);
            List<FileHandle> files = new ArrayList<>();
            for (int i = 0; i <= UringRing.FILES; i++) {
                FileHandle file = ring.openFile(OpenFlags.O_RDONLY | OpenFlags.O_DIRECT);
                files.add(file);
                assertEquals(BLOCK, ring.transfer(Submission.Op.READ, file, 0, memory));
            }
            String notes = ring.ring().notes().toString();
            assertTrue(notes.contains("full, entries=" + UringRing.FILES), notes);
            files.forEach(RingFixture::closeFile);
            assertEquals(0, ring.poll()); // makes room again
            read(memory);
            assertEquals(UringRing.FILES + 64 + 1, faults.calls(FILES_UPDATE));
        }
    }

    /** While the ring knows the old pages, no other memory can come to lie at their address. */
    @Test
    void newMemoryIsNeverMappedAtAnAddressThatTheRingKnows() throws Exception {
        PinnedArena old = PinnedArena.ofShared();
        MemorySegment before = old.allocate(BLOCK << 8);
        long address = before.address();
        read(before);
        read(before.asSlice(0, BLOCK));
        old.close();
        assertTrue(ProcessMemory.isMapped(address, BLOCK << 8));
        assertEquals(0, ring.poll());
        assertFalse(ProcessMemory.isMapped(address, BLOCK << 8));
        boolean reused = false;
        for (int i = 0; i < 100 && !reused; i++) {
            try (PinnedArena arena = PinnedArena.ofShared()) {
                MemorySegment memory = arena.allocate(BLOCK << 8);
                reused = memory.address() == address;
                read(memory);
                read(memory.asSlice(0, BLOCK));
            }
            assertEquals(0, ring.poll());
        }
        Requirements.orSkip(reused, "no address came back");
    }

    /** Without earlier reads the transfer uses the address, with one it uses the registration. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void memoryOfAnArenaThatHasEndedIsKeptWhileInUse(int before) throws Exception {
        try (Fifo fifo = new Fifo()) {
            PinnedArena arena = PinnedArena.ofShared();
            MemorySegment memory = arena.allocate(BLOCK);
            for (int i = 0; i < before; i++) {
                read(memory);
            }
            ring.prep(0, Submission.Op.READ, fifo.file(), 0, memory);
            assertEquals(0, ring.poll());
            assertEquals(before, faults.calls(BUFFERS_UPDATE));
            arena.close(); // the test does not hold the pages, as the pipeline would
            assertEquals(0, ring.poll());
            assertTrue(ProcessMemory.isMapped(memory.address(), BLOCK));
            fifo.write(1);
            ring.finish(1);
            assertEquals(0, ring.poll());
            assertFalse(ProcessMemory.isMapped(memory.address(), BLOCK));
        }
    }

    @Test
    void memoryThatCannotBeUnregisteredIsKept() throws Exception {
        PinnedArena arena = PinnedArena.ofShared();
        MemorySegment memory = arena.allocate(BLOCK);
        read(memory);
        read(memory);
        faults.fail(BUFFERS_UPDATE, 2, Errno.ENOMEM);
        arena.close();
        assertEquals(0, ring.poll());
        assertTrue(ProcessMemory.isMapped(memory.address(), BLOCK));
        assertEquals(0, ring.poll()); // tries again
        assertFalse(ProcessMemory.isMapped(memory.address(), BLOCK));
    }

    @Test
    void aNumberThatBelongsToAnotherFileNowIsNotTakenForTheOld() throws Exception {
        Path other = Files.createTempFile(Path.of("target"), "other", ".bin");
        try (PinnedArena arena = PinnedArena.ofShared()) {
            Files.write(other, new byte[BLOCK]);
            MemorySegment memory = arena.allocate(BLOCK);
            FileHandle first = ring.openFile(OpenFlags.O_RDONLY | OpenFlags.O_DIRECT);
            assertEquals(BLOCK, ring.transfer(Submission.Op.READ, first, 0, memory));
            RingFixture.closeFile(first);
            FileHandle second =
                    new FileHandle(
                            LibC.system()
                                    .open(
                                            other.toString(),
                                            OpenFlags.O_RDONLY | OpenFlags.O_DIRECT,
                                            0));
            assertEquals(first.number(), second.number());
            assertEquals(BLOCK, ring.transfer(Submission.Op.READ, second, 0, memory));
            assertEquals(-1, memory.mismatch(MemorySegment.ofArray(new byte[BLOCK])));
            RingFixture.closeFile(second);
        } finally {
            Files.delete(other);
        }
    }

    @Test
    void closingUnregistersEverything() throws Exception {
        PinnedArena arena = PinnedArena.ofShared();
        MemorySegment memory = arena.allocate(BLOCK);
        read(memory);
        read(memory);
        assertEquals(1, faults.calls(BUFFERS_UPDATE));
        ring.ring().close();
        arena.close();
        assertFalse(ProcessMemory.isMapped(memory.address(), BLOCK));
        assertEquals(1, Descriptors.of(ring.path()).size());
    }
}
