package io.pinbounce.internal.sidecar;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.pinbounce.internal.engine.Progress;
import io.pinbounce.internal.engine.SimulatedEngine.Outcome;
import io.pinbounce.internal.engine.Submission.Op;
import io.pinbounce.internal.linux.Errno;
import io.pinbounce.internal.linux.OpenFlags;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/** Transfers that the engine cuts short, interrupts or refuses. */
class SidecarFilesTest {

    private static final int SIZE = 4 * Layout.PAGE;

    private final SidecarFixture fixture = new SidecarFixture();

    private final Arena arena = Arena.ofConfined();

    private final MemorySegment memory = SidecarFiles.allocate(arena, SIZE);

    private final SidecarFiles files =
            new SidecarFiles(fixture.engine, SidecarFixture.DATA, SidecarFixture.SIDECAR);

    private int transfers;

    @BeforeEach
    void openFiles() throws SealException {
        fixture.makeData(SIZE);
        int flags = OpenFlags.O_RDWR | OpenFlags.O_CREAT;
        fixture.engine.close(fixture.engine.open(SidecarFixture.SIDECAR, flags));
        fixture.openBoth(files);
        memory.fill((byte) 7);
    }

    @AfterEach
    void close() throws SealException {
        files.close();
        arena.close();
    }

    private void answer(Outcome... outcomes) {
        transfers = 0;
        fixture.engine.fault(
                s ->
                        s.op() == Op.FORCE || transfers >= outcomes.length
                                ? Outcome.NORMAL
                                : outcomes[transfers++]);
    }

    private static byte[] sevens(int count) {
        byte[] bytes = new byte[SIZE];
        Arrays.fill(bytes, 0, count, (byte) 7);
        return bytes;
    }

    private byte[] contents() {
        return memory.toArray(ValueLayout.JAVA_BYTE);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 512, Layout.PAGE, Layout.PAGE + 512, 3L * Layout.PAGE})
    void aShortWriteGoesOnAtAWholePage(long moved) throws SealException {
        answer(Outcome.shortened(moved), Outcome.failed(Errno.EINTR), Outcome.failed(Errno.EAGAIN));
        files.write(0, memory);
        assertArrayEquals(sevens(SIZE), fixture.engine.contents(SidecarFixture.SIDECAR));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 511, 512, Layout.PAGE, Layout.PAGE + 512, 3L * Layout.PAGE})
    void aShortReadGoesOnAtAWholeBlock(long moved) throws SealException {
        files.write(0, memory);
        memory.fill((byte) 1);
        answer(Outcome.shortened(moved), Outcome.failed(Errno.EINTR), Outcome.failed(Errno.EAGAIN));
        files.read(0, memory);
        assertArrayEquals(sevens(SIZE), contents());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 511, 512, 513, Layout.PAGE + 100, SIZE})
    void aReadFillsWithZerosWhatLiesBehindTheEnd(int size) throws SealException {
        fixture.put(SidecarFixture.DATA, 0, sevens(size));
        fixture.makeData(size);
        memory.fill((byte) 1);
        files.readData(0, memory);
        assertArrayEquals(sevens(size), contents());
    }

    @ParameterizedTest
    @ValueSource(ints = {Errno.EINTR, Errno.EAGAIN, Errno.EIO})
    void aWriteThatNeverMovesAnythingFails(int errno) {
        Outcome[] outcomes = new Outcome[Progress.MAX_RETRIES + 1];
        Arrays.fill(outcomes, errno == Errno.EIO ? Outcome.shortened(0) : Outcome.failed(errno));
        answer(outcomes);
        SealException e = assertThrows(SealException.class, () -> files.write(0, memory));
        assertEquals(errno, e.errno());
        assertEquals(outcomes.length, transfers);
    }

    @Test
    void anErrorEndsATransferAtOnce() {
        answer(Outcome.shortened(Layout.PAGE), Outcome.failed(Errno.ENOSPC));
        SealException e = assertThrows(SealException.class, () -> files.write(0, memory));
        assertEquals(Errno.ENOSPC, e.errno());
        assertEquals(2, transfers);
    }
}
