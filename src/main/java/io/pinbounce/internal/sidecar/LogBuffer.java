package io.pinbounce.internal.sidecar;

import java.lang.foreign.MemorySegment;

/** Memory that a group of intents is written from. */
final class LogBuffer {

    /** Bytes: 128 sectors. */
    static final int SIZE = 64 << 10;

    private final MemorySegment memory;

    LogBuffer(MemorySegment memory) {
        this.memory = memory;
    }

    MemorySegment bytes(int length) {
        return memory.asSlice(0, length);
    }
}
