package io.pinbounce.internal.request;

import io.pinbounce.buffer.Alignment;
import io.pinbounce.internal.engine.Submission;
import io.pinbounce.internal.file.Slices;
import io.pinbounce.internal.linux.MemoryCopy;
import io.pinbounce.internal.linux.PinnedPages;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A request's memory: one or more segments, seen as one run of bytes. The same object is set anew
 * for each request.
 */
public final class Buffers {

    /** Bytes of the longest heap array that a copy of the caller's memory uses. */
    private static final long MAX_ARRAY = 1L << 30;

    private static final @Nullable PinnedPages[] NONE = {};

    private MemorySegment[] segments = new MemorySegment[1];

    private int count;

    private long length;

    /** The pages of each segment, while they are held. */
    private @Nullable PinnedPages[] held = NONE;

    private int holds;

    /**
     * What {@link #nextPart} returns next: the segment's index, and the bytes of the run before it.
     */
    private int sliceAt;

    private long sliceBefore;

    private long sliceFrom;

    private long sliceTo;

    /** Sets one segment. */
    public void set(MemorySegment segment) {
        clear();
        requireMemory(segment, 0, 1);
        segments[0] = segment;
        count = 1;
        length = segment.byteSize();
    }

    /** Sets several segments, one after the other. */
    public void set(List<MemorySegment> list) {
        clear();
        int size = list.size();
        if (size > segments.length) {
            segments = new MemorySegment[size];
        }
        while (count < size) { // so that a refused segment leaves nothing behind
            MemorySegment segment = list.get(count);
            requireMemory(segment, count, size);
            if (segment.byteSize() > Long.MAX_VALUE - length) {
                throw new IllegalArgumentException(
                        "the segments of a request hold less than 2^63 bytes together; make"
                                + (" several requests: segments=" + size)
                                + (" before=" + length + " next=" + segment.byteSize()));
            }
            segments[count++] = segment;
            length += segment.byteSize();
        }
    }

    /** Refuses a segment that is not there. */
    public static void requireMemory(@Nullable MemorySegment segment, int index, int size) {
        if (segment == null) {
            throw new NullPointerException(
                    "a request needs memory, but a segment is null: index="
                            + (index + " segments=" + size));
        }
    }

    /** Forgets the segments, so that no memory is kept alive for longer than its request. */
    void clear() {
        release();
        Arrays.fill(segments, 0, count, null);
        count = 0;
        length = 0;
    }

    public long length() {
        return length;
    }

    /**
     * Holds all memory, so that it stays valid after the call; {@link #release} ends the hold.
     * Holding it again changes nothing.
     *
     * @return false if some of it is foreign: nothing is held then
     */
    boolean hold() {
        if (held.length < count) {
            held = new PinnedPages[count];
        }
        for (int i = holds; i < count; i++) {
            PinnedPages pages = PinnedPages.behind(segments[i]);
            if (pages == null || !pages.hold()) {
                release();
                return false;
            }
            held[holds++] = pages;
        }
        return true;
    }

    void release() {
        while (holds > 0) {
            PinnedPages pages = held[--holds];
            held[holds] = null;
            if (pages != null) {
                pages.release();
            }
        }
    }

    /** Copies the bytes, so that the caller may change or free its memory. */
    void detach() {
        List<MemorySegment> copies = new ArrayList<>();
        for (long at = 0; at < length; at += MAX_ARRAY) {
            long size = Math.min(length - at, MAX_ARRAY);
            MemorySegment copy = MemorySegment.ofArray(new byte[(int) size]);
            copyTo(at, copy, 0, size);
            copies.add(copy);
        }
        set(copies);
    }

    /**
     * Refuses memory that this thread may not access, before any byte of the request has moved.
     *
     * @throws IllegalStateException if an arena is closed
     * @throws WrongThreadException if some of it is confined to another thread
     */
    public void requireAccessible() {
        for (int i = 0; i < count; i++) {
            if (!segments[i].scope().isAlive()) {
                throw new IllegalStateException(
                        "the arena of a buffer is closed; keep it open until the request is done");
            }
            if (!segments[i].isAccessibleBy(Thread.currentThread())) {
                throw new WrongThreadException(
                        "a buffer is confined to another thread; use a shared arena");
            }
        }
    }

    /** Whether some of it maps a file, so that touching it may fail. */
    boolean isMapped() {
        boolean mapped = false;
        for (int i = 0; i < count; i++) {
            mapped |= segments[i].isMapped();
        }
        return mapped;
    }

    boolean isReadOnly() {
        boolean readOnly = false;
        for (int i = 0; i < count; i++) {
            readOnly |= segments[i].isReadOnly();
        }
        return readOnly;
    }

    /**
     * Why the kernel cannot use the memory as it is.
     *
     * @param memoryAlignment what an address must be a multiple of
     * @param unit what each length must be a multiple of
     * @return a sentence that names the value and the nearest good value; empty if the kernel can
     */
    String whyNotPinnable(long memoryAlignment, long unit) {
        for (int i = 0; i < count; i++) {
            MemorySegment segment = segments[i];
            if (!segment.isNative()) {
                return "heap memory cannot be pinned; use memory of a PinnedArena,"
                        + " or Transfer.BOUNCE";
            }
            if (segment.address() % memoryAlignment != 0) {
                return misaligned("address", segment.address(), memoryAlignment);
            }
            if (segment.byteSize() % unit != 0) {
                return misaligned("length", segment.byteSize(), unit);
            }
        }
        return "";
    }

    /** Why a value cannot be pinned, in words. */
    static String misaligned(String what, long value, long unit) {
        long below = Alignment.down(value, unit);
        long nearest = value - below <= unit / 2 ? below : below + unit;
        return "a pinned request's "
                + what
                + " is a multiple of "
                + unit
                + (", or use Transfer.BOUNCE: " + what + "=" + value + " nearest=" + nearest);
    }

    /**
     * Adds a part of the run to a submission, as far as the submission has room.
     *
     * @param offset bytes from the start of the run
     * @param size bytes at the most
     */
    void addTo(Submission submission, long offset, long size) {
        long skip = offset;
        long left = size;
        for (int i = 0; i < count && left > 0 && !submission.isFull(); i++) {
            long room = segments[i].byteSize() - skip;
            if (room <= 0) {
                skip = -room;
                continue;
            }
            long part = Math.min(room, left);
            submission.add(segments[i], skip, part);
            left -= part;
            skip = 0;
        }
    }

    /**
     * Chooses a part of the run, whose segments, or parts of them, {@link #nextPart} then returns.
     *
     * @return how many there are
     */
    int slice(long offset, long size) {
        int parts = 0;
        long before = 0;
        sliceFrom = offset;
        sliceTo = offset + size;
        for (int i = 0; i < count; i++) {
            long bytes = segments[i].byteSize();
            if (Math.max(offset - before, 0) < Math.min(sliceTo - before, bytes)) {
                if (parts++ == 0) {
                    sliceAt = i;
                    sliceBefore = before;
                }
            }
            before += bytes;
        }
        return parts;
    }

    /** The next part of those that {@link #slice} has counted. */
    MemorySegment nextPart() {
        while (true) {
            MemorySegment segment = segments[sliceAt++];
            long bytes = segment.byteSize();
            long from = Math.max(sliceFrom - sliceBefore, 0);
            long to = Math.min(sliceTo - sliceBefore, bytes);
            sliceBefore += bytes;
            if (from < to) { // else the segment is empty
                return Slices.of(segment, from, to - from);
            }
        }
    }

    /**
     * Copies a part of the run to other memory.
     *
     * @param offset bytes from the start of the run
     * @param destination other memory
     * @param at bytes from its start
     * @param size bytes
     */
    void copyTo(long offset, MemorySegment destination, long at, long size) {
        long before = 0;
        for (int i = 0; i < count; i++) {
            long bytes = segments[i].byteSize();
            long from = Math.max(offset - before, 0);
            long to = Math.min(offset + size - before, bytes);
            if (from < to) {
                long where = at + before + from - offset;
                MemoryCopy.copy(segments[i], from, destination, where, to - from);
            }
            before += bytes;
        }
    }

    /**
     * Copies other memory into a part of the run.
     *
     * @param source other memory
     * @param at bytes from its start
     * @param offset bytes from the start of the run
     * @param size bytes
     */
    void copyFrom(MemorySegment source, long at, long offset, long size) {
        long before = 0;
        for (int i = 0; i < count; i++) {
            long bytes = segments[i].byteSize();
            long from = Math.max(offset - before, 0);
            long to = Math.min(offset + size - before, bytes);
            if (from < to) {
                long where = at + before + from - offset;
                MemoryCopy.copy(source, where, segments[i], from, to - from);
            }
            before += bytes;
        }
    }
}
