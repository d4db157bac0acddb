package io.pinbounce.internal.engine;

import io.pinbounce.internal.linux.LibC;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * One transfer between memory and a file, as the pipeline describes it to an engine. It is
 * prepared, executed, and prepared again, without a new object; one thread at a time.
 */
public final class Submission {

    /** What a transfer does. */
    public enum Op {
        /** Moves data from the file to memory. */
        READ,
        /** Moves data from memory to the file. */
        WRITE,
        /** Writes, and if all of it was written, makes completed writes durable. */
        WRITE_FORCE,
        /** Makes completed writes durable; without memory. */
        FORCE
    }

    /**
     * Bytes that one system call moves at the most (MAX_RW_COUNT of linux/fs.h, in whole pages).
     */
    public static final long MAX_LENGTH = 0x7fff_f000L;

    /** Room for one piece, as most transfers have, until more are added. */
    private MemorySegment[] segments = new MemorySegment[1];

    private long[] offsets = new long[1];

    private long[] lengths = new long[1];

    private int count;

    private Op op = Op.READ;

    private @Nullable FileHandle file;

    private long position;

    private long length;

    /** Makes a submission, to be prepared. */
    public Submission() {}

    /**
     * Starts describing a transfer; memory is added next.
     *
     * @param op what to do
     * @param file where
     * @param position bytes from the start of the file
     */
    public void prep(Op op, FileHandle file, long position) {
        clear();
        this.op = op;
        this.file = file;
        this.position = position;
    }

    /** Forgets memory and file, so that they are kept alive no longer than their transfer. */
    public void clear() {
        Arrays.fill(segments, 0, count, null);
        file = null;
        count = 0;
        length = 0;
    }

    /**
     * Adds memory after what was added before.
     *
     * @param segment not empty
     */
    public void add(MemorySegment segment) {
        add(segment, 0, segment.byteSize());
    }

    /**
     * Adds a part of a segment after what was added before.
     *
     * @param segment some memory
     * @param offset bytes from its start
     * @param size bytes, more than 0
     */
    public void add(MemorySegment segment, long offset, long size) {
        if (count == segments.length) {
            segments = Arrays.copyOf(segments, LibC.MAX_VECTOR);
            offsets = Arrays.copyOf(offsets, LibC.MAX_VECTOR);
            lengths = Arrays.copyOf(lengths, LibC.MAX_VECTOR);
        }
        segments[count] = segment;
        offsets[count] = offset;
        lengths[count] = size;
        count++;
        length += size;
    }

    /**
     * Whether no more segments fit.
     *
     * @return true at {@link LibC#MAX_VECTOR} segments
     */
    public boolean isFull() {
        return count == LibC.MAX_VECTOR;
    }

    /**
     * What is done.
     *
     * @return the operation
     */
    public Op op() {
        return op;
    }

    /**
     * The open file.
     *
     * @return what was prepared
     */
    public FileHandle file() {
        return Objects.requireNonNull(file, "the submission is not prepared");
    }

    /**
     * The open file's number.
     *
     * @return the engine's handle
     */
    public int handle() {
        return file().number();
    }

    /**
     * Where in the file.
     *
     * @return bytes from its start
     */
    public long position() {
        return position;
    }

    /**
     * How much.
     *
     * @return bytes in all segments
     */
    public long length() {
        return length;
    }

    /**
     * Pieces of memory.
     *
     * @return 0 to {@link LibC#MAX_VECTOR}
     */
    public int count() {
        return count;
    }

    /**
     * The segment that a piece of memory is a part of.
     *
     * @param index below {@link #count()}
     * @return as it was added
     */
    public MemorySegment segment(int index) {
        return segments[index];
    }

    /**
     * Where a piece of memory starts.
     *
     * @param index below {@link #count()}
     * @return its address; the caller sees to it that the memory lives
     */
    public long address(int index) {
        return segments[index].address() + offsets[index];
    }

    /**
     * How long a piece of memory is.
     *
     * @param index below {@link #count()}
     * @return bytes
     */
    public long length(int index) {
        return lengths[index];
    }

    /**
     * A piece of memory by itself.
     *
     * @param index below {@link #count()}
     * @return the segment that was added, or a slice of it
     */
    public MemorySegment piece(int index) {
        MemorySegment segment = segments[index];
        return lengths[index] == segment.byteSize()
                ? segment
                : segment.asSlice(offsets[index], lengths[index]);
    }

    /**
     * The memory, in file order.
     *
     * @return a new list of all pieces
     */
    public List<MemorySegment> memory() {
        List<MemorySegment> memory = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            memory.add(piece(i));
        }
        return memory;
    }
}
