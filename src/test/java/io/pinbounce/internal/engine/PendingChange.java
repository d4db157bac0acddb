package io.pinbounce.internal.engine;

import org.jspecify.annotations.Nullable;

/** A change to one file that a power cut may undo: a sector written, or another size. */
final class PendingChange {

    /** Its place in the order of all changes to the disk. */
    final long sequence;

    /** The sector's number, or the new size. */
    final long target;

    /** The sector's content; null for a change of size. */
    final byte @Nullable [] bytes;

    PendingChange(long sequence, long target, byte @Nullable [] bytes) {
        this.sequence = sequence;
        this.target = target;
        this.bytes = bytes;
    }

    boolean isResize() {
        return bytes == null;
    }

    /** The same write with other bytes. */
    PendingChange with(byte[] others) {
        return new PendingChange(sequence, target, others);
    }
}
