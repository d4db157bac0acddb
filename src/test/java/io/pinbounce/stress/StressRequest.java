package io.pinbounce.stress;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pinbounce.DirectFile;

import java.lang.foreign.MemorySegment;

/** One block to be read or written, and what the memory must hold then. */
final class StressRequest {

    enum Kind {
        READ,
        WRITE
    }

    final Kind kind;

    final DirectFile file;

    final MemorySegment memory;

    final long position;

    private final Stamp stamp;

    private final boolean exact;

    private boolean refused;

    /** A read that brings some version of a block, of any writer. */
    static StressRequest readAny(
            DirectFile file, MemorySegment memory, long position, long number) {
        Stamp any = new Stamp(number, 0, 0);
        return new StressRequest(Kind.READ, file, memory, position, any, /* exact= */ false);
    }

    /** A read that brings just this. */
    static StressRequest read(
            DirectFile file, MemorySegment memory, long position, Stamp expected) {
        return new StressRequest(Kind.READ, file, memory, position, expected, /* exact= */ true);
    }

    /** A write, which must leave its memory alone. */
    static StressRequest write(DirectFile file, MemorySegment memory, long position, Stamp stamp) {
        stamp.write(memory);
        return new StressRequest(Kind.WRITE, file, memory, position, stamp, /* exact= */ true);
    }

    private StressRequest(
            Kind kind,
            DirectFile file,
            MemorySegment memory,
            long position,
            Stamp stamp,
            boolean exact) {
        this.kind = kind;
        this.file = file;
        this.memory = memory;
        this.position = position;
        this.stamp = stamp;
        this.exact = exact;
        if (kind == Kind.READ) {
            memory.fill((byte) 0); // so that what was there before is not taken for an answer
        }
    }

    /** The file was closed before: nothing was read or written. */
    void refuse() {
        refused = true;
    }

    boolean isRefused() {
        return refused;
    }

    Stamp stamp() {
        return stamp;
    }

    /** Holds the memory against what it should be, once the request is done. */
    void check() {
        if (!refused) {
            Stamp found = Stamp.read(memory, stamp.number());
            if (exact) {
                assertEquals(stamp, found);
            }
        }
    }
}
