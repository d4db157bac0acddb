package io.pinbounce.tool.scrub;

import io.pinbounce.DirectFile;
import io.pinbounce.buffer.Alignment;

import java.io.IOException;

/**
 * The bytes of a file that a sweep goes over, in requests that the file verifies in one go each: a
 * request that fails names all that is bad in it.
 *
 * @param start the first byte
 * @param end the byte behind the last
 * @param size bytes of a request
 * @param grain what can be asked for by itself; the last request is rounded up to it
 */
record SweepRange(long start, long end, long size, long grain) {

    /** Bytes of the first request behind a hole: a short extent must not cost a long read. */
    static final long FIRST_REQUEST = 64 << 10;

    /** Bytes of the largest request: what fits a bounce buffer, and is verified in one go. */
    private static final int REQUEST = 1 << 20;

    /** All of a file. Requests are whole blocks of whole intervals, as pinning needs them. */
    static SweepRange all(DirectFile file, int interval) throws IOException {
        long unit = unit(file, interval);
        long size = Math.max(unit, Alignment.down(REQUEST, unit));
        return new SweepRange(0, file.size(), size, unit);
    }

    /** Some intervals. A request fits a bounce buffer with the rest of its outer blocks. */
    static SweepRange of(DirectFile file, int interval, IntervalRange wanted) throws IOException {
        long unit = unit(file, interval);
        long room = unit == interval ? REQUEST : REQUEST - unit;
        long fileSize = file.size();
        return new SweepRange(
                wanted.start(interval, fileSize),
                wanted.end(interval, fileSize),
                Math.max(interval, Alignment.down(room, interval)),
                interval);
    }

    private static long unit(DirectFile file, int interval) {
        return Alignment.common(file.geometry().readAlignment(), interval);
    }

    long length() {
        return end - start;
    }

    /** The bytes of the first request behind a hole, in whole grains. */
    long first() {
        return Alignment.up(FIRST_REQUEST, grain);
    }
}
