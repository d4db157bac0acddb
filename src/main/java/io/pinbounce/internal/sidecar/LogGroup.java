package io.pinbounce.internal.sidecar;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** Intents that go to the log together, in one write of whole blocks. */
final class LogGroup {

    /** How far a group has got. */
    enum State {
        /** Its leader writes it. */
        WRITING,
        /** It is durable, so its data may be sent. */
        DURABLE,
        /** Its write failed, so it is unknown what the disk has of it. */
        FAILED
    }

    final long sequence;

    /** Where the group starts, in bytes from the start of the log, as if the log were endless. */
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

    /** Whether the group is still being written, or some of its data is not in place. */
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
