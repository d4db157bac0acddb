package io.pinbounce.pi;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The same data and metadata, arranged in some layout and cut at some places. Every segment has
 * separate memory, so that a read past its end fails.
 */
final class Arrangement {

    /** An array for every segment. */
    static final SegmentAllocator HEAP =
            (byteSize, byteAlignment) -> MemorySegment.ofArray(new byte[(int) byteSize]);

    private final MetadataLayout layout;
    private final int interval;
    private final int metadataSize;
    final List<MemorySegment> first;
    final List<MemorySegment> second;

    private Arrangement(
            PiContext context,
            MetadataLayout layout,
            List<MemorySegment> first,
            List<MemorySegment> second) {
        this.layout = layout;
        this.interval = context.interval();
        this.metadataSize = context.metadataSize();
        this.first = first;
        this.second = second;
    }

    /** Cuts at so many random places. */
    static Arrangement random(
            PiContext context,
            MetadataLayout layout,
            byte[] data,
            byte[] metadata,
            int cuts,
            long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        byte[] whole = interleaved(context, data, metadata);
        return switch (layout) {
            case INTERLEAVED ->
                    new Arrangement(
                            context, layout, cut(whole, random(random, whole, cuts)), List.of());
            case SEPARATE ->
                    new Arrangement(
                            context,
                            layout,
                            cut(data, random(random, data, cuts)),
                            cut(metadata, random(random, metadata, cuts)));
        };
    }

    /** Cuts once, at a place counted as if data and metadata were interleaved. */
    static Arrangement cutOnce(
            PiContext context,
            MetadataLayout layout,
            byte[] data,
            byte[] metadata,
            int at,
            SegmentAllocator memory) {
        if (layout == MetadataLayout.INTERLEAVED) {
            byte[] whole = interleaved(context, data, metadata);
            return new Arrangement(context, layout, cut(memory, whole, at), List.of());
        }
        int block = at / (context.interval() + context.metadataSize());
        int rest = at % (context.interval() + context.metadataSize());
        int inData = Math.min(rest, context.interval());
        return new Arrangement(
                context,
                layout,
                cut(memory, data, block * context.interval() + inData),
                cut(memory, metadata, block * context.metadataSize() + rest - inData));
    }

    PiBlocks blocks() {
        return switch (layout) {
            case INTERLEAVED -> PiBlocks.interleaved(first);
            case SEPARATE -> PiBlocks.separate(first, second);
        };
    }

    byte[] data() {
        return layout == MetadataLayout.SEPARATE ? join(first) : every(0, interval);
    }

    byte[] metadata() {
        return layout == MetadataLayout.SEPARATE ? join(second) : every(interval, metadataSize);
    }

    private byte[] every(int from, int length) {
        byte[] whole = join(first);
        ByteArrayOutputStream some = new ByteArrayOutputStream();
        for (int at = from; at < whole.length; at += interval + metadataSize) {
            some.write(whole, at, length);
        }
        return some.toByteArray();
    }

    static byte[] interleaved(PiContext context, byte[] data, byte[] metadata) {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        for (int i = 0; i < data.length / context.interval(); i++) {
            whole.write(data, i * context.interval(), context.interval());
            whole.write(metadata, i * context.metadataSize(), context.metadataSize());
        }
        return whole.toByteArray();
    }

    static List<MemorySegment> cut(byte[] bytes, int... cuts) {
        return cut(HEAP, bytes, cuts);
    }

    private static List<MemorySegment> cut(SegmentAllocator memory, byte[] bytes, int... cuts) {
        int[] sorted = cuts.clone();
        Arrays.sort(sorted);
        List<MemorySegment> segments = new ArrayList<>();
        int from = 0;
        for (int to : sorted) {
            segments.add(copy(memory, bytes, from, to));
            from = to;
        }
        segments.add(copy(memory, bytes, from, bytes.length));
        return segments;
    }

    private static MemorySegment copy(SegmentAllocator memory, byte[] bytes, int from, int to) {
        MemorySegment copy = memory.allocate(to - from);
        MemorySegment.copy(bytes, from, copy, ValueLayout.JAVA_BYTE, 0, to - from);
        return copy;
    }

    static byte[] join(List<MemorySegment> segments) {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        for (MemorySegment segment : segments) {
            whole.writeBytes(segment.toArray(ValueLayout.JAVA_BYTE));
        }
        return whole.toByteArray();
    }

    private static int[] random(SplittableRandom random, byte[] bytes, int cuts) {
        return random.ints(cuts, 0, bytes.length + 1).toArray();
    }
}
