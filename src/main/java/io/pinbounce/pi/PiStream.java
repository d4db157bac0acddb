package io.pinbounce.pi;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Generates or verifies while data arrives, in pieces that may end at any byte. A piece is
 * processed as soon as it is added, a tuple once all metadata of its interval has arrived.
 *
 * {@snippet :
 * PiStream stream = PiStream.verifying(context, MetadataLayout.INTERLEAVED, 0);
 * for (MemorySegment piece : received) {
 *     stream.add(piece);
 * }
 * List<PiMismatch> mismatches = stream.finish();
 * }
 *
 * <p>Data is looked at once, inside {@link #add}, and may then change or go away. Metadata must
 * stay until the piece that completes its interval has been added, and so must data that was added
 * before separate metadata of the interval in front of it. After an exception that memory caused (a
 * closed arena, another thread's) the stream is of no more use. For one thread.
 */
public final class PiStream {

    private enum Operation {
        GENERATE,
        VERIFY
    }

    private final PiContext context;
    private final Operation operation;
    private final MetadataLayout layout;
    private final BlockCursor cursor;
    private final MemorySegment tuple;
    private final List<PiMismatch> mismatches = new ArrayList<>();

    private long number;
    private long guard;

    /** Bytes of the current interval's data that have not arrived. */
    private long missing;

    private PiStream(
            PiContext context, Operation operation, MetadataLayout layout, long firstInterval) {
        Requirements.numbers(firstInterval, 0);
        this.context = context;
        this.operation = operation;
        this.layout = layout;
        SegmentCursor data = new SegmentCursor(List.of());
        this.cursor =
                switch (layout) {
                    case INTERLEAVED -> new BlockCursor(data, data);
                    case SEPARATE -> new BlockCursor(data, new SegmentCursor(List.of()));
                };
        this.tuple = MemorySegment.ofArray(new byte[context.format().tupleSize()]);
        this.number = firstInterval;
        this.guard = context.guardSeed();
        this.missing = context.interval();
    }

    /**
     * A stream that writes tuples.
     *
     * @param context how to protect
     * @param layout where the metadata comes: in the pieces, or in pieces of its own
     * @param firstInterval the number of the first interval, 0 or more
     * @return a stream that is at the start of an interval
     * @throws IllegalArgumentException if {@code firstInterval} is negative
     */
    public static PiStream generating(
            PiContext context, MetadataLayout layout, long firstInterval) {
        return new PiStream(context, Operation.GENERATE, layout, firstInterval);
    }

    /**
     * A stream that compares tuples.
     *
     * @param context how the data was protected
     * @param layout where the metadata comes: in the pieces, or in pieces of its own
     * @param firstInterval the number of the first interval, 0 or more
     * @return a stream that is at the start of an interval
     * @throws IllegalArgumentException if {@code firstInterval} is negative
     */
    public static PiStream verifying(PiContext context, MetadataLayout layout, long firstInterval) {
        return new PiStream(context, Operation.VERIFY, layout, firstInterval);
    }

    /**
     * Takes the next piece: of data, and of the metadata in between if that is interleaved.
     *
     * @param piece any number of bytes
     * @throws IllegalArgumentException if tuples must be written into the piece and it is
     *     read-only, or interval numbers would pass 2^63 - 1
     */
    public void add(MemorySegment piece) {
        if (layout == MetadataLayout.INTERLEAVED) {
            requireWritable(piece);
        }
        cursor.data().append(piece);
        advance();
    }

    /**
     * Takes the next piece of metadata, which may come before its data or after it.
     *
     * @param piece any number of bytes
     * @throws IllegalArgumentException if tuples must be written into the piece and it is
     *     read-only, or interval numbers would pass 2^63 - 1
     * @throws IllegalStateException if metadata is interleaved
     */
    public void addMetadata(MemorySegment piece) {
        if (layout != MetadataLayout.SEPARATE) {
            throw new IllegalStateException(
                    "Interleaved metadata comes with the data; add it there, layout=" + layout);
        }
        requireWritable(piece);
        cursor.requiredMetadata().append(piece);
        advance();
    }

    /**
     * The intervals that have been found bad so far.
     *
     * @return every interval that does not match, in order; unmodifiable, and grows
     */
    public List<PiMismatch> mismatches() {
        return Collections.unmodifiableList(mismatches);
    }

    /**
     * Checks that the last interval is complete.
     *
     * @return every interval that does not match, in order; unmodifiable
     * @throws IllegalStateException if part of an interval or of its metadata is missing
     */
    public List<PiMismatch> finish() {
        if (context.type() != PiType.TYPE_0
                && (missing != context.interval() || cursor.data().remaining() > 0)) {
            throw new IllegalStateException(
                    "The stream ends inside an interval or before its metadata, interval="
                            + number
                            + " missingData="
                            + missing);
        }
        return mismatches();
    }

    private void requireWritable(MemorySegment piece) {
        if (operation == Operation.GENERATE && context.type() != PiType.TYPE_0) {
            Requirements.writable("piece", piece);
        }
    }

    private void advance() {
        SegmentCursor metadata = cursor.requiredMetadata();
        if (context.type() == PiType.TYPE_0) {
            cursor.data().skip(cursor.data().remaining());
            metadata.skip(metadata.remaining());
            return;
        }
        while (takeData() && metadata.remaining() >= context.metadataSize()) {
            takeMetadata();
        }
    }

    /** Whether the interval's data is complete now. */
    private boolean takeData() {
        long run = Math.min(missing, cursor.data().remaining());
        if (run > 0) {
            Requirements.numbers(number, 1);
            guard = cursor.updateGuard(context, guard, run);
            missing -= run;
        }
        return missing == 0;
    }

    private void takeMetadata() {
        switch (operation) {
            case GENERATE -> cursor.putTuple(context, tuple, guard, number);
            case VERIFY -> {
                PiMismatch mismatch = cursor.compareTuple(context, tuple, guard, number);
                if (mismatch != null) {
                    mismatches.add(mismatch);
                }
            }
        }
        number++;
        guard = context.guardSeed();
        missing = context.interval();
    }
}
