package io.pinbounce.internal.request;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.internal.engine.FileHandle;
import io.pinbounce.internal.engine.Progress;
import io.pinbounce.internal.engine.Submission;
import io.pinbounce.internal.engine.Submission.Op;
import io.pinbounce.internal.linux.Errno;
import io.pinbounce.internal.linux.LibC;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.foreign.MemorySegment;
import java.util.Collections;
import java.util.List;

/** No memory is touched here: all segments are made-up addresses. */
class SpanTest {

    private static final FileHandle HANDLE = new FileHandle(7);

    private static final long UNIT = 512;

    private static final long POSITION = 1 << 20;

    private final Submission submission = new Submission();

    private final Span span = span(UNIT);

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "FORCE")
    void oneAnswerMayMoveAll(Op op) {
        start(op, memory(4096));
        assertPrepared(0, 4096);
        assertEquals(op, submission.op());
        assertSame(HANDLE, submission.file());
        assertFalse(span.again(4096));
        assertEnded(4096, 0);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "FORCE")
    void theRestOfAShortTransferIsIssuedAgain(Op op) {
        start(op, memory(1024), memory(3072));
        assertPrepared(0, 4096);
        assertTrue(span.again(512));
        assertPrepared(512, 3584);
        assertTrue(span.again(512)); // exactly the first segment is done
        assertPrepared(1024, 3072);
        assertEquals(1, submission.count());
        assertTrue(span.again(2560));
        assertPrepared(3584, 512);
        assertFalse(span.again(512));
        assertEnded(4096, 0);
    }

    @Test
    void theRestIsTheRightMemory() {
        MemorySegment second = memory(3072);
        start(Op.READ, memory(1024), second);
        assertTrue(span.again(2048));
        span.prep(submission);
        assertEquals(List.of(second.asSlice(1024)), submission.memory());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 511, 513, 4095})
    void aReadThatStopsInsideAUnitIsTheEndOnceItGetsNoFurther(long bytes) {
        start(Op.READ, memory(8192));
        assertTrue(span.again(1024));
        assertTrue(span.again(bytes));
        long reached = 1024 + bytes;
        span.prep(submission);
        assertEquals(POSITION + reached - reached % UNIT, submission.position());
        assertFalse(span.again(reached % UNIT));
        assertEnded(reached, 0);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 511, 513, 4095})
    void aReadThatReachesTheKnownEndIsDone(long bytes) {
        Buffers memory = new Buffers();
        memory.set(memory(8192));
        span.start(Op.READ, POSITION, memory, 0, 8192, POSITION + 1024 + bytes);
        assertEquals(bytes > 0, span.again(1024));
        if (bytes > 0) {
            assertFalse(span.again(bytes));
        }
        assertEnded(1024 + bytes, 0);
    }

    @Test
    void aWriteThatEndsInsideAUnitGoesOnAtTheUnitsStart() {
        start(Op.WRITE, memory(4096));
        assertTrue(span.again(1500));
        assertEquals(1024, span.moved());
        assertPrepared(1024, 3072);
        assertFalse(span.again(3072));
        assertEnded(4096, 0);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 511})
    void aWriteThatNeverGetsThroughAUnitFails(long bytes) {
        start(Op.WRITE, memory(4096));
        assertTrue(span.again(512));
        assertRetries(bytes);
        assertEnded(512, -Errno.EIO);
    }

    @ParameterizedTest
    @ValueSource(ints = {Errno.EINTR, Errno.EAGAIN})
    void interruptionsHaveALimit(int errno) {
        start(Op.READ, memory(4096));
        assertRetries(-errno);
        assertEnded(0, -errno);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "FORCE")
    void whatMovesBytesStartsTheCountAgain(Op op) {
        int parts = 3 * Progress.MAX_RETRIES;
        start(op, memory(parts * UNIT));
        for (int i = 1; i < parts; i++) {
            assertTrue(span.again(-Errno.EINTR));
            assertTrue(span.again(UNIT), "part " + i);
        }
        assertFalse(span.again(UNIT));
        assertEnded(parts * UNIT, 0);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "FORCE")
    void anyOtherErrorEndsTheSpanAtOnce(Op op) {
        start(op, memory(4096));
        assertTrue(span.again(1024));
        assertFalse(span.again(-Errno.ENOSPC));
        assertEnded(1024, -Errno.ENOSPC);
    }

    @Test
    void aSpanStartsAfresh() {
        start(Op.WRITE, memory(4096));
        assertRetries(-Errno.EINTR);
        start(Op.READ, memory(1024));
        assertEnded(0, 0);
        assertPrepared(0, 1024);
        assertRetries(-Errno.EAGAIN);
    }

    @Test
    void moreSegmentsThanACallTakesAreSeveralCalls() {
        start(Op.READ, Collections.nCopies(40, memory(512)));
        assertPrepared(0, LibC.MAX_VECTOR * 512L);
        assertEquals(LibC.MAX_VECTOR, submission.count());
        assertTrue(span.again(LibC.MAX_VECTOR * 512L));
        assertPrepared(LibC.MAX_VECTOR * 512L, LibC.MAX_VECTOR * 512L);
        assertTrue(span.again(LibC.MAX_VECTOR * 512L));
        assertPrepared(2 * LibC.MAX_VECTOR * 512L, 8 * 512);
        assertFalse(span.again(8 * 512));
        assertEnded(40 * 512, 0);
    }

    @Test
    void segmentsWithoutBytesAreLeftOut() {
        start(Op.WRITE, memory(0), memory(512), memory(0), memory(512), memory(0));
        assertPrepared(0, 1024);
        assertEquals(2, submission.count());
    }

    @Test
    void aCallMovesNoMoreThanTheKernelDoes() {
        long size = 5L << 29;
        start(Op.WRITE, memory(size), memory(size));
        assertPrepared(0, Submission.MAX_LENGTH);
        assertTrue(span.again(Submission.MAX_LENGTH));
        // The rest of the first segment, and as much of the second as fits behind it.
        assertPrepared(Submission.MAX_LENGTH, Submission.MAX_LENGTH);
        assertEquals(size - Submission.MAX_LENGTH, submission.length(0));
        assertEquals(2, submission.count());
        assertTrue(span.again(Submission.MAX_LENGTH));
        long rest = 2 * size - 2 * Submission.MAX_LENGTH;
        assertPrepared(2 * Submission.MAX_LENGTH, rest);
        assertFalse(span.again(rest));
        assertEnded(2 * size, 0);
    }

    @ParameterizedTest
    @ValueSource(longs = {1 << 20, 520, 12288})
    void aLongCallEndsAtAUnit(long unit) {
        Span inUnits = span(unit);
        Buffers memory = new Buffers();
        memory.set(memory(3L << 30));
        inUnits.start(Op.READ, 0, memory, 0, 3L << 30, Long.MAX_VALUE);
        inUnits.prep(submission);
        assertEquals(0, submission.length() % unit);
        assertTrue(submission.length() > Submission.MAX_LENGTH - unit);
    }

    private void start(Op op, MemorySegment... memory) {
        start(op, List.of(memory));
    }

    private void start(Op op, List<MemorySegment> memory) {
        Buffers buffers = new Buffers();
        buffers.set(memory);
        span.start(op, POSITION, buffers, 0, buffers.length(), Long.MAX_VALUE);
    }

    private static Span span(long unit) {
        Span span = new Span();
        span.use(HANDLE, unit);
        return span;
    }

    private void assertPrepared(long offset, long length) {
        span.prep(submission);
        assertEquals(POSITION + offset, submission.position());
        assertEquals(length, submission.length());
    }

    /** An answer that moves nothing is taken so often, and then no more. */
    private void assertRetries(long result) {
        for (int i = 0; i < Progress.MAX_RETRIES; i++) {
            assertTrue(span.again(result), "retry " + i);
        }
        assertFalse(span.again(result));
    }

    private void assertEnded(long moved, long failed) {
        assertEquals(POSITION, span.position());
        assertEquals(moved, span.moved());
        assertEquals(failed, span.failed());
    }

    @SuppressWarnings("restricted")
    private static MemorySegment memory(long size) {
        return MemorySegment.ofAddress(1L << 32).reinterpret(size);
    }
}
