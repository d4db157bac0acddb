package io.pinbounce.pi;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * Walks over blocks, an interval of data and then its metadata at a time. Where both are
 * interleaved, the same cursor is used for data and metadata and comes to each in turn, so the code
 * that walks need not know the layout.
 *
 * @param data stands at the data of an interval, or past it
 * @param metadata stands at the metadata of an interval, once its data has been passed; null if the
 *     blocks have none
 */
record BlockCursor(SegmentCursor data, @Nullable SegmentCursor metadata) {

    /** The metadata of blocks that are known to have some. */
    SegmentCursor requiredMetadata() {
        return Objects.requireNonNull(metadata, "metadata");
    }

    /** Passes whole intervals. */
    void passIntervals(PiContext context, long intervals) {
        data.skip(intervals * context.interval());
        if (metadata != null) {
            metadata.skip(intervals * context.metadataSize());
        }
    }

    /** Copies the data of an interval, and its metadata if both sides have some. */
    void copyTo(PiContext context, BlockCursor target) {
        data.copyTo(target.data, context.interval());
        if (target.metadata == null) {
            return;
        }
        if (metadata == null) {
            target.metadata.skip(context.metadataSize());
        } else {
            metadata.copyTo(target.metadata, context.metadataSize());
        }
    }

    /** Copies the data of an interval, and passes by metadata that lies in between. */
    void copyDataTo(PiContext context, BlockCursor target) {
        data.copyTo(target.data, context.interval());
        passInterleaved(context);
        target.passInterleaved(context);
    }

    private void passInterleaved(PiContext context) {
        if (metadata == data) {
            data.skip(context.metadataSize());
        }
    }

    /** Continues the guard over data; it stays as it is when guards are off. */
    long updateGuard(PiContext context, long guard, long length) {
        return updateGuard(data, context, guard, length);
    }

    /** Writes the tuple of an interval whose data has been passed, and whose guard that is. */
    void putTuple(PiContext context, MemorySegment scratch, long dataGuard, long number) {
        SegmentCursor cursor = requiredMetadata();
        long guard = updateGuard(cursor, context, dataGuard, context.tupleOffset());
        Tuples.put(context, scratch, 0, context.checks(PiCheck.GUARD) ? guard : 0, number);
        cursor.write(scratch, scratch.byteSize());
        cursor.skip(suffix(context));
    }

    /** Compares the tuple of an interval whose data has been passed; null if it matches. */
    @Nullable PiMismatch compareTuple(
            PiContext context, MemorySegment scratch, long dataGuard, long number) {
        SegmentCursor cursor = requiredMetadata();
        long guard = updateGuard(cursor, context, dataGuard, context.tupleOffset());
        cursor.read(scratch, scratch.byteSize());
        cursor.skip(suffix(context));
        return Tuples.compare(
                context, scratch, 0, context.checks(PiCheck.GUARD) ? guard : 0, number);
    }

    /** Reads a tuple, and passes the metadata around it. */
    void readTuple(PiContext context, MemorySegment tuple) {
        SegmentCursor cursor = requiredMetadata();
        cursor.skip(context.tupleOffset());
        cursor.read(tuple, tuple.byteSize());
        cursor.skip(suffix(context));
    }

    /** Writes a tuple, and passes the metadata around it. */
    void writeTuple(PiContext context, MemorySegment tuple) {
        SegmentCursor cursor = requiredMetadata();
        cursor.skip(context.tupleOffset());
        cursor.write(tuple, tuple.byteSize());
        cursor.skip(suffix(context));
    }

    private static long updateGuard(
            SegmentCursor cursor, PiContext context, long guard, long length) {
        if (context.checks(PiCheck.GUARD)) {
            return cursor.updateGuard(context.format(), guard, length);
        }
        cursor.skip(length);
        return guard;
    }

    private static long suffix(PiContext context) {
        int tupleEnd = context.tupleOffset() + context.format().tupleSize();
        return context.metadataSize() - (long) tupleEnd;
    }
}
