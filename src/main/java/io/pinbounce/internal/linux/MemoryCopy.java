package io.pinbounce.internal.linux;

import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * Copies to and from bounce buffers, with the C library's {@code memcpy} where the native library
 * serves ({@link StubLibrary#instructions}). Any number of threads may copy at once.
 *
 * <p>A bounce buffer was last read by the device, or by the thread behind a loop device, so its
 * cache lines lie with another processor. {@link MemorySegment#copy} fetches each line before it
 * overwrites it; {@code memcpy} does not where the processor has a string move that overwrites
 * whole lines (x86: ERMS), and takes a third to a fourth of the time there. Elsewhere they are
 * alike.
 */
public final class MemoryCopy {

    /** From so many bytes on. At 4 KiB both take the same time, and below the call costs more. */
    static final long MIN_SIZE = 8 << 10;

    /**
     * Bytes of one call: what a critical one may work on. Longer ones would not be faster anyway:
     * from the size of a core's second cache on, GNU's memcpy does without that string move on
     * AMD's processors. 1 MiB in one call takes as long as the JDK's copy, in pieces a third.
     */
    static final long PIECE = StubLibrary.MAX_CRITICAL;

    private MemoryCopy() {}

    /**
     * Copies bytes between memory that does not overlap. Memory that is mapped from a file is left
     * to the JDK: if the file is truncated meanwhile, native code ends the process, where Java code
     * gets an error. Only {@link MemorySegment#isMapped} tells; a segment that was made of an
     * address is taken for ordinary memory.
     *
     * @param source on the heap or native
     * @param from bytes from its start
     * @param destination on the heap or native
     * @param to bytes from its start
     * @param size bytes
     * @throws IndexOutOfBoundsException if a range is not inside its memory
     * @throws IllegalStateException if an arena is closed
     * @throws WrongThreadException if memory is confined to another thread
     * @throws IllegalArgumentException if the destination is read-only
     */
    public static void copy(
            MemorySegment source, long from, MemorySegment destination, long to, long size) {
        if (size < MIN_SIZE
                || StubLibrary.instructions() == null
                || source.isMapped()
                || destination.isMapped()
                || destination.isReadOnly()) {
            MemorySegment.copy(source, from, destination, to, size);
            return;
        }
        Objects.checkFromIndexSize(from, size, source.byteSize());
        Objects.checkFromIndexSize(to, size, destination.byteSize());
        for (long done = 0; done < size; done += PIECE) {
            long piece = Math.min(PIECE, size - done);
            StubLibrary.copy(source, from + done, destination, to + done, piece);
        }
    }
}
