package io.pinbounce.engine;

import io.pinbounce.linux.LibC;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * One transfer between memory and a file, as the pipeline describes it to an engine. It is
 * prepared, executed, and prepared again; one thread at a time.
 */
public final class Submission {

    /** Which way the data goes. */
    public enum Op {
        /** From the file to memory. */
        READ,
        /** From memory to the file. */
        WRITE
    }

    /**
     * Bytes that one system call moves at the most (MAX_RW_COUNT of linux/fs.h, in whole pages).
     */
    public static final long LONGEST = 0x7fff_f000L;

    private final List<MemorySegment> memory = new ArrayList<>(LibC.MAX_VECTOR);

    private Op op = Op.READ;

    private int handle;

    private long position;

    private long length;

    /** Makes a submission, to be prepared. */
    public Submission() {}

    /**
     * Starts describing a transfer; memory is added next.
     *
     * @param op which way
     * @param handle what {@link IoEngine#open} returned
     * @param position bytes from the start of the file
     */
    public void prep(Op op, int handle, long position) {
        this.op = op;
        this.handle = handle;
        this.position = position;
        memory.clear();
        length = 0;
    }

    /**
     * Adds memory behind what is there.
     *
     * @param segment not empty
     */
    public void add(MemorySegment segment) {
        memory.add(segment);
        length += segment.byteSize();
    }

    /**
     * Whether no more segments fit.
     *
     * @return true at {@link LibC#MAX_VECTOR} segments
     */
    public boolean isFull() {
        return memory.size() == LibC.MAX_VECTOR;
    }

    /**
     * Which way the data goes.
     *
     * @return the operation
     */
    public Op op() {
        return op;
    }

    /**
     * The open file.
     *
     * @return the engine's handle
     */
    public int handle() {
        return handle;
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
     * The memory, in file order.
     *
     * @return a view, valid until the next {@link #prep}
     */
    public List<MemorySegment> memory() {
        return memory;
    }
}
