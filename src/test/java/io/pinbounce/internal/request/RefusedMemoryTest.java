package io.pinbounce.internal.request;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.Completion;
import io.pinbounce.DirectFile;
import io.pinbounce.DirectIoException;
import io.pinbounce.DirectOptions;
import io.pinbounce.DirectQueue;
import io.pinbounce.Engine;
import io.pinbounce.IoService;
import io.pinbounce.OnEngine;
import io.pinbounce.Transfer;
import io.pinbounce.buffer.BouncePool;
import io.pinbounce.internal.engine.SimulatedEngine;
import io.pinbounce.internal.engine.SimulatedEngine.Outcome;
import io.pinbounce.internal.engine.Submission;
import io.pinbounce.internal.linux.Errno;
import io.pinbounce.testing.DiskTest;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * A disk that refuses memory of the caller's with EILSEQ, as one with protection information does
 * when the memory changes, and takes all other memory.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RefusedMemoryTest extends DiskTest {

    private static final Outcome IO_ERROR = Outcome.failed(Errno.EIO);

    private static final int SLOT = 1 << 16;

    private static final int LENGTH = 8192;

    private final IoService service = OnEngine.service(disk);

    /** What the disk was asked to write, the caller's memory marked. */
    private final List<String> writes = new ArrayList<>();

    RefusedMemoryTest() {
        super(4 * SLOT, SLOT);
    }

    @AfterEach
    void closeService() {
        service.close();
    }

    private DirectOptions served() {
        return options().ioService(service);
    }

    private DirectFile open() throws IOException {
        return open(served());
    }

    private MemorySegment pinned(int seed, int length) {
        return pinned(bytes(seed, length));
    }

    private byte[] contents(int from, int length) {
        return Arrays.copyOfRange(disk.contents(PATH), from, from + length);
    }

    /**
     * Takes some of the memory at first, and refuses the rest; what is elsewhere gets the other.
     */
    private void refuse(MemorySegment memory, long taken, Outcome other) {
        disk.fault(
                s -> {
                    if (s.op() == Submission.Op.READ || s.op() == Submission.Op.FORCE) {
                        return Outcome.NORMAL;
                    }
                    long offset = s.address(0) - memory.address();
                    boolean callers = offset >= 0 && offset < memory.byteSize();
                    synchronized (writes) {
                        writes.add(
                                (callers ? "mine " : "copy ")
                                        + (s.op() + " " + s.position() + "+" + s.length()));
                    }
                    if (!callers) {
                        return other;
                    }
                    return offset < taken
                            ? Outcome.shortened(taken - offset)
                            : Outcome.failed(Errno.EILSEQ);
                });
    }

    /** How a write is made. */
    enum Way {
        BLOCKING,
        QUEUED,
        ASYNCHRONOUS
    }

    private void write(Way way, DirectFile file, MemorySegment memory, long position)
            throws Exception {
        switch (way) {
            case BLOCKING -> file.write(memory, position);
            case QUEUED -> {
                try (DirectQueue queue = queue()) {
                    queue.write(file, memory, position, 1);
                    assertEquals(1, queue.await(1, Completion::bytes));
                }
            }
            case ASYNCHRONOUS -> {
                try {
                    file.writeAsync(memory, position).get();
                } catch (ExecutionException e) {
                    throw (Exception) e.getCause();
                }
            }
        }
    }

    private DirectQueue queue() throws IOException {
        return OnEngine.queue(4, Engine.AUTO, disk);
    }

    @ParameterizedTest
    @EnumSource
    void whatIsLeftGoesOutAsACopyAndTheDeviceIsRemembered(Way way) throws Exception {
        MemorySegment memory = pinned(1, LENGTH);
        refuse(memory, 2048, Outcome.NORMAL);
        List<String> lines = new ArrayList<>();
        try (DirectFile file = open();
                var _ = new Lines(lines)) {
            write(way, file, memory, 4096);
            assertEquals(
                    List.of("mine WRITE 4096+8192", "mine WRITE 6144+6144", "copy WRITE 6144+6144"),
                    writes);
            assertEquals(1, file.counts().pinnedWrites());
            assertEquals(1, file.counts().bouncedWrites());
            write(way, file, memory, 0);
            assertEquals(1, file.counts().pinnedWrites());
            assertEquals(2, file.counts().bouncedWrites());
            assertEquals(4096 + LENGTH, file.size());
        }
        assertArrayEquals(bytes(1, LENGTH), contents(0, LENGTH));
        assertEquals(1, lines.size(), lines::toString);
        assertTrue(lines.getFirst().contains("device=0:0 "), lines::toString);
        Path other = Path.of("/disk/other");
        try (DirectFile file = OnEngine.file(other, served(), disk)) {
            write(way, file, memory, 0);
            assertEquals(0, file.counts().pinnedWrites(), "another file, opened later");
        }
    }

    @Test
    void aRefusalIsRememberedForItsDeviceAlone() throws Exception {
        MemorySegment memory = pinned(1, LENGTH);
        refuse(memory, 0, Outcome.NORMAL);
        try (DirectFile file = open()) {
            file.write(memory, 0);
        }
        SimulatedEngine second = new SimulatedEngine(512, 512);
        DirectOptions options = DirectOptions.readWrite().create().bouncePool(pool);
        try (DirectFile file = OnEngine.file(PATH, options, second)) {
            file.write(memory, 0);
            assertEquals(1, file.counts().pinnedWrites());
            assertEquals(0, file.counts().bouncedWrites());
        }
    }

    @ParameterizedTest
    @EnumSource
    void copiesAreNoLongerThanASlot(Way way) throws Exception {
        int length = 3 * SLOT;
        MemorySegment memory = pinned(1, length);
        refuse(memory, 512, Outcome.NORMAL);
        try (DirectFile file = open()) {
            write(way, file, memory, 0);
            assertEquals(1, file.counts().pinnedWrites());
            assertEquals(3, file.counts().bouncedWrites());
        }
        assertArrayEquals(bytes(1, length), contents(0, length));
    }

    @ParameterizedTest
    @EnumSource
    void ifTheCopyFailsTheFirstErrorStandsAndNothingIsRemembered(Way way) throws Exception {
        MemorySegment memory = pinned(1, LENGTH);
        try (DirectFile file = open()) {
            for (int errno : new int[] {Errno.EILSEQ, Errno.EIO}) {
                writes.clear();
                refuse(memory, 1024, Outcome.failed(errno));
                DirectIoException e =
                        assertThrows(DirectIoException.class, () -> write(way, file, memory, 0));
                assertEquals(Errno.EILSEQ, e.errno());
                assertEquals(1024, e.bytesDone());
                DirectIoException second =
                        assertInstanceOf(DirectIoException.class, e.getSuppressed()[0]);
                assertEquals(errno, second.errno());
                assertEquals(3, writes.size(), writes::toString);
            }
            assertEquals(1024, file.size());
            disk.fault(_ -> Outcome.NORMAL);
            write(way, file, memory, 0);
            assertEquals(3, file.counts().pinnedWrites());
            assertEquals(2, file.counts().bouncedWrites());
        }
    }

    @Test
    void onlyAutoAndOnlyThatErrorAreSentAgain() throws Exception {
        MemorySegment memory = pinned(1, LENGTH);
        DirectOptions pin = served().transfer(Transfer.PIN);
        try (DirectFile file = OnEngine.file(PATH, pin, disk)) {
            refuse(memory, 0, Outcome.NORMAL);
            assertThrows(DirectIoException.class, () -> file.write(memory, 0));
        }
        try (DirectFile file = open()) {
            disk.fault(s -> s.op() == Submission.Op.WRITE ? IO_ERROR : Outcome.NORMAL);
            DirectIoException e =
                    assertThrows(DirectIoException.class, () -> file.write(memory, 0));
            assertEquals(Errno.EIO, e.errno());
            assertEquals(0, file.counts().bouncedWrites());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {LENGTH, 3 * SLOT})
    void theCopyIsAsDurableAsTheWrite(int length) throws Exception {
        MemorySegment memory = pinned(1, length);
        refuse(memory, 0, Outcome.NORMAL);
        try (DirectFile file = open();
                DirectQueue queue = queue()) {
            queue.writeAndForce(file, memory, 0, 1);
            assertEquals(1, queue.await(1, Completion::bytes));
        }
        assertEquals("mine WRITE_FORCE 0+" + length, writes.getFirst());
        assertTrue(writes.getLast().startsWith("copy WRITE_FORCE "), writes::toString);
        long forced = writes.stream().filter(each -> each.startsWith("copy WRITE_F")).count();
        assertEquals(1, forced, writes::toString);
    }

    /** Nothing waits inside the queue's calls; the range and the memory stay the request's own. */
    @Test
    void theCopyWaitsForASlot() throws Exception {
        MemorySegment memory = pinned(1, LENGTH);
        refuse(memory, 0, Outcome.NORMAL);
        try (DirectFile file = open();
                DirectQueue queue = queue()) {
            file.allocate(0, LENGTH);
            List<BouncePool.Slot> slots = takeAllSlots();
            queue.write(file, memory, 0, 1);
            queue.write(file, MemorySegment.ofArray(bytes(2, 100)), 50, 2);
            for (int i = 0; i < 20; i++) {
                assertEquals(0, queue.poll(Completion::bytes));
            }
            assertEquals(List.of("mine WRITE 0+8192"), writes);
            assertThrows(IllegalStateException.class, arena::close);
            MemorySegment back = arena.allocate(512);
            queue.read(file, back, 0, 3);
            assertEquals(1, queue.await(1, done -> assertEquals(3, done.token())));
            slots.forEach(BouncePool.Slot::close);
            while (queue.pending() > 0) {
                queue.await(1, Completion::bytes);
            }
        }
        byte[] expected = bytes(1, LENGTH);
        System.arraycopy(bytes(2, 100), 0, expected, 50, 100);
        assertArrayEquals(expected, contents(0, LENGTH));
    }

    @Test
    void anAsynchronousWriteHoldsItsMemoryUntilItsCopyIsTaken() throws Exception {
        MemorySegment memory = pinned(1, LENGTH);
        refuse(memory, 0, Outcome.NORMAL);
        try (DirectFile file = open()) {
            List<BouncePool.Slot> slots = takeAllSlots();
            CompletableFuture<?> write = file.writeAsync(memory, 0);
            assertThrows(IllegalStateException.class, arena::close);
            slots.forEach(BouncePool.Slot::close);
            write.get();
        }
        assertArrayEquals(bytes(1, LENGTH), contents(0, LENGTH));
    }

    /** Collects what the library logs. */
    private static final class Lines extends Handler implements AutoCloseable {

        private static final Logger LOG = Logger.getLogger("io.pinbounce");

        private final List<String> lines;

        Lines(List<String> lines) {
            this.lines = lines;
            LOG.addHandler(this);
        }

        @Override
        public void publish(LogRecord line) {
            if (line.getMessage().contains("EILSEQ")) {
                lines.add(line.getMessage());
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {
            LOG.removeHandler(this);
        }
    }
}
