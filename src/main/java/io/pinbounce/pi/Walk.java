package io.pinbounce.pi;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * The operations on blocks of any layout, each written once: checks first, then a walk over the
 * intervals. An operation that reads and writes the same place uses two cursors, side by side.
 */
final class Walk {

    private final PiContext context;
    private final long firstInterval;
    private final long intervals;
    private final MemorySegment tuple;
    private final List<PiMismatch> mismatches = new ArrayList<>();

    private Walk(PiContext context, PiBlocks blocks, long firstInterval) {
        this.context = context;
        this.firstInterval = firstInterval;
        this.intervals = blocks.intervals(context, firstInterval);
        this.tuple = MemorySegment.ofArray(new byte[context.format().tupleSize()]);
    }

    static void generate(PiContext context, PiBlocks blocks, long firstInterval) {
        Walk walk = new Walk(context, blocks, firstInterval);
        if (context.type() == PiType.TYPE_0) {
            return;
        }
        blocks.requireMetadata();
        blocks.requireWritableMetadata();
        BlockCursor cursor = blocks.cursor();
        for (long i = 0; i < walk.intervals; i++) {
            walk.generate(cursor, i);
        }
    }

    static List<PiMismatch> verify(PiContext context, PiBlocks blocks, long firstInterval) {
        Walk walk = new Walk(context, blocks, firstInterval);
        if (context.type() == PiType.TYPE_0) {
            return List.of();
        }
        blocks.requireMetadata();
        BlockCursor cursor = blocks.cursor();
        for (long i = 0; i < walk.intervals; i++) {
            walk.verify(cursor, i);
        }
        return walk.result();
    }

    static void generateCopy(
            PiContext context, PiBlocks source, PiBlocks destination, long firstInterval) {
        Walk walk = copying(context, source, destination, firstInterval);
        if (context.type() == PiType.TYPE_0) {
            walk.copyData(source.cursor(), destination.cursor());
            return;
        }
        destination.requireMetadata();
        destination.requireWritableMetadata();
        BlockCursor read = source.cursor();
        BlockCursor written = destination.cursor();
        BlockCursor copy = destination.cursor();
        for (long i = 0; i < walk.intervals; i++) {
            read.copyTo(context, written);
            walk.generate(copy, i);
        }
    }

    static List<PiMismatch> verifyCopy(
            PiContext context, PiBlocks source, PiBlocks destination, long firstInterval) {
        Walk walk = copying(context, source, destination, firstInterval);
        if (context.type() == PiType.TYPE_0) {
            walk.copyData(source.cursor(), destination.cursor());
            return List.of();
        }
        source.requireMetadata();
        destination.requireWritableMetadata();
        BlockCursor read = source.cursor();
        BlockCursor written = destination.cursor();
        BlockCursor copy = destination.cursor();
        // The copy is what gets verified; metadata that is stripped is read where it was.
        BlockCursor verified =
                copy.metadata() == null ? new BlockCursor(copy.data(), read.metadata()) : copy;
        for (long i = 0; i < walk.intervals; i++) {
            read.copyTo(context, written);
            walk.verify(verified, i);
        }
        return walk.result();
    }

    static List<PiMismatch> remap(
            PiContext context,
            PiBlocks blocks,
            long firstInterval,
            long refSeed,
            RemapCheck check) {
        Objects.requireNonNull(check, "check");
        Walk walk = new Walk(context, blocks, firstInterval);
        if (context.type() == PiType.TYPE_0 || !context.checks(PiCheck.REF_TAG)) {
            return List.of();
        }
        blocks.requireMetadata();
        blocks.requireWritableMetadata();
        PiContext remapped = context.toBuilder().refSeed(refSeed).build();
        BlockCursor read = blocks.cursor();
        BlockCursor written = blocks.cursor();
        for (long i = 0; i < walk.intervals; i++) {
            read.data().skip(context.interval());
            read.readTuple(context, walk.tuple);
            walk.remap(remapped, i, check);
            written.data().skip(context.interval());
            written.writeTuple(context, walk.tuple);
        }
        return walk.result();
    }

    static void escape(PiContext context, PiBlocks blocks) {
        Walk walk = new Walk(context, blocks, 0);
        if (context.type() == PiType.TYPE_0) {
            return;
        }
        blocks.requireMetadata();
        blocks.requireWritableMetadata();
        walk.tuple.fill((byte) 0xFF);
        BlockCursor cursor = blocks.cursor();
        for (long i = 0; i < walk.intervals; i++) {
            cursor.data().skip(context.interval());
            cursor.writeTuple(context, walk.tuple);
        }
    }

    private static Walk copying(
            PiContext context, PiBlocks source, PiBlocks destination, long firstInterval) {
        Walk walk = new Walk(context, source, firstInterval);
        destination.requireRoom(context, walk.intervals);
        destination.requireWritableData();
        source.requireApart(destination);
        return walk;
    }

    private void copyData(BlockCursor read, BlockCursor written) {
        for (long i = 0; i < intervals; i++) {
            read.copyDataTo(context, written);
        }
    }

    private void generate(BlockCursor cursor, long index) {
        long guard = cursor.updateGuard(context, context.guardSeed(), context.interval());
        cursor.putTuple(context, tuple, guard, firstInterval + index);
    }

    private void verify(BlockCursor cursor, long index) {
        long guard = cursor.updateGuard(context, context.guardSeed(), context.interval());
        PiMismatch mismatch = cursor.compareTuple(context, tuple, guard, firstInterval + index);
        if (mismatch != null) {
            mismatches.add(mismatch);
        }
    }

    /** Changes the reference tag of a tuple, unless it escapes or is not the one expected. */
    private void remap(PiContext remapped, long index, RemapCheck check) {
        long number = firstInterval + index;
        PiTuple found = PiTuple.read(context, tuple, 0);
        if (context.escapes(found.appTag(), found.refTag())) {
            return;
        }
        PiTuple expected = found.withRefTag(context.generatedRefTag(number));
        if (check == RemapCheck.COMPARE
                && context.type().countsIntervals()
                && !found.equals(expected)) {
            mismatches.add(new PiMismatch(number, Set.of(PiCheck.REF_TAG), expected, found));
        } else {
            found.withRefTag(remapped.generatedRefTag(number)).write(context, tuple, 0);
        }
    }

    private List<PiMismatch> result() {
        return Collections.unmodifiableList(mismatches);
    }
}
