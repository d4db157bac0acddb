package io.pinbounce.internal.request;

import io.pinbounce.buffer.Alignment;

import java.lang.foreign.MemorySegment;

/**
 * The bytes that a write covers, and the whole units that the file takes instead:
 *
 * <pre>
 *   start      position                                     end         limit
 *     |-- head --|================ the request ==============|-- tail --|
 *     |  unit  |  unit  |  ...                         |  unit  |
 * </pre>
 */
final class UnitRange {

    private long position;

    private long end;

    private long unit = 1;

    /**
     * Starts anew.
     *
     * @param position the first byte
     * @param end the byte behind the last one
     * @param unit what positions and lengths are multiples of
     */
    void set(long position, long end, long unit) {
        this.position = position;
        this.end = end;
        this.unit = unit;
    }

    long position() {
        return position;
    }

    long end() {
        return end;
    }

    long start() {
        return Alignment.down(position, unit);
    }

    long limit() {
        return Alignment.up(end, unit);
    }

    boolean isWhole() {
        return start() == position && limit() == end;
    }

    /** Whether the request writes any byte of a block. */
    boolean covers(long begin, long length) {
        return begin < end && begin + length > position;
    }

    /**
     * Whether the request writes a block in part, and leaves bytes of it as they are.
     *
     * @param begin the block's first byte
     * @param length its bytes
     * @param size of the file: behind it there are no bytes to keep
     */
    boolean keepsOld(long begin, long length, long size) {
        long old = Math.min(begin + length, size);
        return covers(begin, length) && ((begin < position && begin < old) || end < old);
    }

    /**
     * Zeros the bytes that neither the caller nor the file fills: no stale memory may reach the
     * disk.
     *
     * @param data whole units
     * @param from where in the file the units go
     */
    void clearPadding(MemorySegment data, long from) {
        if (from < position) {
            data.asSlice(0, unit).fill((byte) 0);
        }
        if (from + data.byteSize() > end) {
            data.asSlice(data.byteSize() - unit).fill((byte) 0);
        }
    }
}
