package io.pinbounce.scrub;

import io.pinbounce.linux.Errno;

/**
 * Bytes that the device did not give out, in one request: some of them may be readable.
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

    @Override
    public String toString() {
        return "position=" + position + " length=" + length + " errno=" + Errno.describe(errno);
    }
}
