package io.pinbounce.tool.scrub;

import io.pinbounce.internal.linux.Errno;

/**
 * Bytes that the device did not give out, nor any part of them: each interval of it, or each block
 * if that is longer, was asked for by itself.
 *
 * @param position the first, from the start of the file
 * @param length how many
 * @param errno what the kernel said
 */
public record UnreadableRange(long position, long length, int errno) {

    /** How many intervals have bytes in it. */
    long intervals(int interval) {
        return (position + length + interval - 1) / interval - position / interval;
    }

    /** The byte behind the last. */
    long end() {
        return position + length;
    }

    /** Whether another one begins where this ends, for the same reason. */
    boolean touches(UnreadableRange next) {
        return end() == next.position && errno == next.errno;
    }

    /** This one and one that it touches. */
    UnreadableRange with(UnreadableRange next) {
        return new UnreadableRange(position, length + next.length, errno);
    }

    @Override
    public String toString() {
        return "position=" + position + " length=" + length + " errno=" + Errno.describe(errno);
    }
}
