package io.pinbounce.pi;

import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Where the data of consecutive intervals lies, and their metadata: in any number of segments,
 * which may end at any byte, inside a tuple too. Immutable; the memory is the caller's, and must
 * stay alive and unshared while an operation works on it.
 *
 * <pre>{@code
 * interleaved   [ data | metadata | data | metadata | ... ]     extended LBA, DIF
 * separate      [ data | data | ... ]  [ metadata | ... ]       DIX
 * data only     [ data | data | ... ]
 * }</pre>
 *
 * <p>Data alone is what a copy inserts metadata into, or strips it from. Segments of one object
 * must not overlap each other; data and metadata that do are refused.
 */
public final class PiBlocks {

    private enum Layout {
        INTERLEAVED,
        SEPARATE,
        DATA_ONLY
    }

    private final Layout layout;
    private final List<MemorySegment> data;
    private final List<MemorySegment> metadata;
    private final long dataSize;
    private final long metadataSize;

    private PiBlocks(Layout layout, List<MemorySegment> data, List<MemorySegment> metadata) {
        this.layout = layout;
        this.data = List.copyOf(data);
        this.metadata = List.copyOf(metadata);
        this.dataSize = size(this.data);
        this.metadataSize = size(this.metadata);
        apart("data", this.data, "metadata", this.metadata);
    }

    /**
     * Each interval is followed by its metadata.
     *
     * @param segments the blocks, in order
     * @return the blocks
     * @throws IllegalArgumentException if there are more than 2^63 - 1 bytes
     */
    public static PiBlocks interleaved(List<MemorySegment> segments) {
        return new PiBlocks(Layout.INTERLEAVED, segments, List.of());
    }

    /**
     * Each interval is followed by its metadata, all in one segment.
     *
     * @param segment the blocks
     * @return the blocks
     */
    public static PiBlocks interleaved(MemorySegment segment) {
        return interleaved(List.of(segment));
    }

    /**
     * Metadata is kept apart.
     *
     * @param data the data of all intervals, in order
     * @param metadata the metadata of all intervals, in order; may be longer than needed
     * @return the blocks
     * @throws IllegalArgumentException if data and metadata overlap, or there are more than 2^63 -
     *     1 bytes of either
     */
    public static PiBlocks separate(List<MemorySegment> data, List<MemorySegment> metadata) {
        return new PiBlocks(Layout.SEPARATE, data, metadata);
    }

    /**
     * Metadata is kept apart, in a segment of its own.
     *
     * @param data the data of all intervals
     * @param metadata the metadata of all intervals; may be longer than needed
     * @return the blocks
     * @throws IllegalArgumentException if they overlap
     */
    public static PiBlocks separate(MemorySegment data, MemorySegment metadata) {
        return separate(List.of(data), List.of(metadata));
    }

    /**
     * There is no metadata.
     *
     * @param segments the data of all intervals, in order
     * @return the blocks
     * @throws IllegalArgumentException if there are more than 2^63 - 1 bytes
     */
    public static PiBlocks dataOnly(List<MemorySegment> segments) {
        return new PiBlocks(Layout.DATA_ONLY, segments, List.of());
    }

    /**
     * There is no metadata, and the data is in one segment.
     *
     * @param segment the data of all intervals
     * @return the blocks
     */
    public static PiBlocks dataOnly(MemorySegment segment) {
        return dataOnly(List.of(segment));
    }

    /** A cursor at the first interval. */
    BlockCursor cursor() {
        SegmentCursor first = new SegmentCursor(data);
        return switch (layout) {
            case INTERLEAVED -> new BlockCursor(first, first);
            case SEPARATE -> new BlockCursor(first, new SegmentCursor(metadata));
            case DATA_ONLY -> new BlockCursor(first, null);
        };
    }

    /** How many intervals these blocks are; they must be whole, with all of their metadata. */
    long intervals(PiContext context, long firstInterval) {
        if (layout != Layout.INTERLEAVED) {
            long intervals = Requirements.intervals(context, dataSize, firstInterval);
            if (layout == Layout.SEPARATE && context.type() != PiType.TYPE_0) {
                Requirements.room(context, metadataSize, intervals);
            }
            return intervals;
        }
        long intervals = dataSize / context.blockSize();
        if (intervals * context.blockSize() != dataSize) {
            throw new IllegalArgumentException(
                    "The segments must be a whole number of intervals, each with its metadata,"
                            + " byteSize="
                            + dataSize
                            + " interval="
                            + context.interval()
                            + " metadataSize="
                            + context.metadataSize());
        }
        Requirements.numbers(firstInterval, intervals);
        return intervals;
    }

    /** The target of a copy must be as large as its source, or larger. */
    void requireRoom(PiContext context, long intervals) {
        long perInterval = layout == Layout.INTERLEAVED ? context.blockSize() : context.interval();
        if (dataSize / perInterval < intervals) {
            throw new IllegalArgumentException(
                    "The destination must have room for as many intervals as the source has,"
                            + " byteSize="
                            + dataSize
                            + " perInterval="
                            + perInterval
                            + " intervals="
                            + intervals);
        }
        if (layout == Layout.SEPARATE && context.type() != PiType.TYPE_0) {
            Requirements.room(context, metadataSize, intervals);
        }
    }

    void requireMetadata() {
        if (layout == Layout.DATA_ONLY) {
            throw new IllegalArgumentException(
                    "The blocks need metadata, and these are data alone; use interleaved or"
                            + " separate, byteSize="
                            + dataSize);
        }
    }

    void requireWritableData() {
        data.forEach(segment -> Requirements.writable("data", segment));
    }

    void requireWritableMetadata() {
        List<MemorySegment> written = layout == Layout.INTERLEAVED ? data : metadata;
        written.forEach(segment -> Requirements.writable("metadata", segment));
    }

    void requireApart(PiBlocks target) {
        apart("source", data, "destination", target.data);
        apart("source", data, "destination", target.metadata);
        apart("source", metadata, "destination", target.data);
        apart("source", metadata, "destination", target.metadata);
    }

    private static void apart(
            String oneName,
            List<MemorySegment> ones,
            String otherName,
            List<MemorySegment> others) {
        for (MemorySegment one : ones) {
            for (MemorySegment other : others) {
                Requirements.apart(oneName, one, otherName, other);
            }
        }
    }

    private static long size(List<MemorySegment> segments) {
        long size = 0;
        for (MemorySegment segment : segments) {
            size += segment.byteSize();
            if (size < 0) {
                throw new IllegalArgumentException(
                        "Segments must have at most 2^63 - 1 bytes together, segments="
                                + segments.size());
            }
        }
        return size;
    }
}
