package io.pinbounce.internal.sidecar;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** Intents that go to the log together, in one write of whole blocks. */
final class LogGroup {

    /** How far it is. */
    enum State {
        /** Its leader has it. */
        WRITING,
        /** Its data may go out. */
        DURABLE,
        /** Nobody knows what of it is there. */
        FAILED
    }

    final long sequence;

    /** Where it is, in bytes from the start of the log: never wraps, so that it only grows. */
    final long start;

    final long end;

    final Intent leader;

    final List<Intent> intents = new ArrayList<>();

    private final long position;

    private final LogBuffer buffer;

    State state = State.WRITING;

    /** Intents whose data is not in place yet. */
    int underWay;

    LogGroup(long sequence, long start, long end, long position, LogBuffer buffer, Intent leader) {
        this.sequence = sequence;
        this.start = start;
        this.end = end;
        this.position = position;
        this.buffer = buffer;
        this.leader = leader;
    }

    /** Whether something about it is still to come. */
    boolean isUnderWay() {
        return underWay > 0 || state == State.WRITING;
    }

    LogBuffer buffer() {
        return buffer;
    }

    MemorySegment bytes() {
        return buffer.bytes((int) (end - start));
    }

    long position() {
        return position;
    }
}
