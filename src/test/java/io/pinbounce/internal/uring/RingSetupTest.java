package io.pinbounce.internal.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.buffer.PinnedArena;
import io.pinbounce.internal.engine.RingUnavailableException;
import io.pinbounce.internal.engine.Submission;
import io.pinbounce.internal.linux.Errno;
import io.pinbounce.internal.linux.Faults;
import io.pinbounce.internal.linux.FaultyUring;
import io.pinbounce.internal.linux.LibC;
import io.pinbounce.internal.linux.SystemPosix;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Opening a ring on kernels that lack features. */
class RingSetupTest {

    private static final int BLOCK = 4096;

    private final Faults faults = new Faults();

    private final FaultyUring uring = new FaultyUring(faults);

    private UringEngine engine() {
        return new UringEngine(LibC.system(), SystemPosix.calls(), uring);
    }

    /** Each flag is refused alone; the ring must then use no flag of the same or a later kernel. */
    @ParameterizedTest
    @CsvSource({
        "NO_SQARRAY, 0x10000, 1",
        "DEFER_TASKRUN, 0x2000, 2",
        "SINGLE_ISSUER, 0x1000, 3",
        "COOP_TASKRUN, 0x2100, 4",
        "SUBMIT_ALL, 0x80, 5"
    })
    void aRingOpensWithoutAFlagThatTheKernelDoesNotKnow(String name, String flag, int refusals)
            throws Exception {
        uring.withoutFlags(Integer.decode(flag));
        try (RingFixture ring = RingFixture.open(RingFixture.machine(uring), 8);
                PinnedArena arena = PinnedArena.ofShared()) {
            assertEquals(refusals + 1, uring.setups().size());
            assertEquals(0, uring.setups().getLast() & Integer.decode(flag));
            List<String> notes = ring.ring().notes();
            assertEquals(refusals, notes.size());
            assertTrue(notes.getLast().contains("IORING_SETUP_" + name), notes.toString());
            moveABlock(ring, arena);
        }
    }

    private static void moveABlock(RingFixture ring, PinnedArena arena) {
        MemorySegment memory = arena.allocate(2 * BLOCK);
        memory.fill((byte) 1);
        MemorySegment second = memory.asSlice(BLOCK, BLOCK);
        assertEquals(
                2 * BLOCK,
                ring.transfer(Submission.Op.WRITE_FORCE, 0, memory.asSlice(0, BLOCK), second));
        assertEquals(0, ring.forced());
        second.fill((byte) 2);
        assertEquals(BLOCK, ring.transfer(Submission.Op.READ, 0, second));
        assertEquals(-1, memory.asSlice(0, BLOCK).mismatch(second));
        ring.prep(0, Submission.Op.READ, 0, second);
        while (ring.poll() == 0) {
            Thread.onSpinWait();
        }
    }

    @Test
    void aRingOpensWithAllFlagsThatTheKernelKnows() throws Exception {
        try (RingFixture ring = RingFixture.open(RingFixture.machine(uring), 8)) {
            int flags = uring.setups().getFirst();
            assertEquals(0x10000 | 0x2000 | 0x1000 | 0x200 | 0x80 | 0x8, flags);
            assertEquals(8, ring.ring().depth());
        }
    }

    @ParameterizedTest
    @CsvSource({"1, io_uring_setup", "38, CONFIG_IO_URING", "12, ulimit"})
    void theErrorOfAForbiddenRingNamesTheCause(int errno, String cause) {
        faults.fail("setup", 1, errno);
        String message = unavailable();
        assertTrue(message.contains(cause), message);
        assertTrue(message.contains("errno=" + errno), message);
    }

    private String unavailable() {
        return String.valueOf(
                assertThrows(RingUnavailableException.class, () -> engine().openRing(8).close())
                        .getMessage());
    }

    @ParameterizedTest
    @CsvSource({"1, seccomp", "13, security module", "38, seccomp", "22, nothing known"})
    void aRingThatMayNotBeEnteredIsRefused(int errno, String cause) throws Exception {
        RingFixture.requireUring();
        faults.fail("enter", 1, errno);
        String message = unavailable();
        assertTrue(message.contains("io_uring_enter"), message);
        assertTrue(message.contains(cause), message);
        assertTrue(message.contains("errno=" + errno), message);
        assertNothingIsOpen();
    }

    @Test
    void aRingWhoseEnterDoesNothingIsRefused() throws Exception {
        RingFixture.requireUring();
        uring.mute();
        assertTrue(unavailable().contains("io_uring_enter does nothing"));
        assertNothingIsOpen();
    }

    /** The kernel itself refuses. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 22, 23})
    void aRingThatMayNotDoAnOperationIsRefused(int opcode) throws Exception {
        RingFixture.requireUring();
        uring.forbidding(opcode);
        String message = unavailable();
        assertTrue(message.contains("opcode " + opcode + " "), message);
        assertTrue(message.contains("errno=" + Errno.EACCES), message);
        assertNothingIsOpen();
    }

    /** The check can fail: what is forbidden here is IORING_OP_ACCEPT, which no ring needs. */
    @Test
    void canaryARingThatMayDoAllThatItDoesOpens() throws Exception {
        RingFixture.requireUring();
        uring.forbidding(13);
        engine().openRing(8).close();
    }

    @ParameterizedTest
    @CsvSource({"setup, 24, true", "setup, 1, false", "enter, 12, true", "enter, 1, false"})
    void aShortageIsToldFromARule(String call, int errno, boolean passing) {
        RingFixture.requireUring();
        faults.fail(call, 1, errno);
        assertEquals(
                passing,
                assertThrows(RingUnavailableException.class, () -> engine().openRing(8).close())
                        .passing());
    }

    @ParameterizedTest
    @CsvSource({"mmap, 1", "mmap, 2", "eventfd, 1", "pipe, 1", "register-8, 1", "enter, 1"})
    void aRingThatFailsToOpenLeavesNoDescriptorOpen(String call, int number) throws Exception {
        RingFixture.requireUring();
        faults.fail(call, number, Errno.ENOMEM);
        String message = unavailable();
        assertTrue(message.contains("errno=" + Errno.ENOMEM), message);
        assertNothingIsOpen();
    }

    @Test
    void aClosedRingLeavesNoDescriptorOpen() throws Exception {
        RingFixture.requireUring();
        engine().openRing(8).close();
        assertEquals(4, uring.opened().size());
        assertNothingIsOpen();
    }

    /** The numbers may belong to other files by now, but those are not of these kinds. */
    private void assertNothingIsOpen() throws Exception {
        for (int fd : uring.opened()) {
            Path link = Path.of("/proc/self/fd/" + fd);
            if (Files.isSymbolicLink(link)) {
                String file = Files.readSymbolicLink(link).toString();
                assertFalse(file.matches(".*(io_uring|eventfd|pipe:).*"), file);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void aKernelThatIsTooOldIsRefused(int feature) throws Exception {
        RingFixture.requireUring();
        uring.withoutFeatures(feature);
        String message = unavailable();
        assertTrue(message.contains("update"), message);
        assertNothingIsOpen();
    }

    @Test
    void aKernelWithoutReadIsRefused() throws Exception {
        RingFixture.requireUring();
        uring.withoutOpcodesFrom(SqeLayout.IORING_OP_READ);
        assertTrue(unavailable().contains("IORING_OP_READ"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 4097})
    void aDepthOutOfRangeIsRefused(int depth) {
        assertThrows(IllegalArgumentException.class, () -> engine().openRing(depth).close());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 4096})
    void aRingOpensWithAnyDepthInRange(int depth) throws Exception {
        try (RingFixture ring = RingFixture.open(depth);
                PinnedArena arena = PinnedArena.ofShared()) {
            MemorySegment memory = arena.allocate(BLOCK);
            for (int i = 0; i < depth; i++) {
                ring.prep(i, Submission.Op.WRITE_FORCE, RingFixture.SIZE, memory);
            }
            ring.finish(depth);
            assertEquals(BLOCK, ring.result(depth - 1));
        }
    }

    @Test
    void aVirtualThreadIsRefused() throws Exception {
        IllegalStateException[] thrown = new IllegalStateException[1];
        Thread.ofVirtual()
                .start(
                        () ->
                                thrown[0] =
                                        assertThrows(
                                                IllegalStateException.class,
                                                () -> engine().openRing(8).close()))
                .join();
        assertTrue(thrown[0].toString().contains("platform thread"), thrown[0].toString());
    }
}
