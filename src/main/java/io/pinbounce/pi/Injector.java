package io.pinbounce.pi;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.random.RandomGenerator;

/** Flips one random bit. */
final class Injector {

    private Injector() {}

    static PiInjection inject(
            PiContext context, PiBlocks blocks, InjectionTarget target, RandomGenerator random) {
        long intervals = blocks.intervals(context, 0);
        if (target == InjectionTarget.DATA) {
            blocks.requireWritableData();
        } else {
            blocks.requireMetadata();
            blocks.requireWritableMetadata();
        }
        long bits = bits(context, target);
        if (intervals == 0 || bits == 0) {
            throw new IllegalArgumentException(
                    "There must be a bit to flip, intervals="
                            + intervals
                            + " target="
                            + target
                            + " bits="
                            + bits);
        }
        long interval = random.nextLong(intervals);
        long bit = random.nextLong(bits);
        PiInjection injection = injection(context, target, interval, bit);
        if (target == InjectionTarget.APP_TAG && escapes(context, blocks, injection)) {
            // The damage would hide itself; another bit of the tag does not.
            injection = injection(context, target, interval, (bit + 1) % bits);
        }
        flip(context, blocks, injection);
        return injection;
    }

    private static long bits(PiContext context, InjectionTarget target) {
        return switch (target) {
            case DATA -> 8L * context.interval();
            case GUARD -> Long.bitCount(context.format().guardMask());
            case APP_TAG -> Short.SIZE;
            case REF_TAG -> context.refTagSize();
            case STORAGE_TAG -> context.storageTagSize();
        };
    }

    /** Fields are counted in bits from the end of the tuple, as they follow each other there. */
    private static PiInjection injection(
            PiContext context, InjectionTarget target, long interval, long bit) {
        int tagBits = context.format().tagBits();
        long fromEnd =
                switch (target) {
                    case DATA -> bit;
                    case GUARD -> tagBits + Short.SIZE + bit;
                    case APP_TAG -> tagBits + bit;
                    case REF_TAG -> bit;
                    case STORAGE_TAG -> context.refTagSize() + bit;
                };
        long size = target == InjectionTarget.DATA ? context.interval() : tupleSize(context);
        return new PiInjection(target, interval, size - 1 - fromEnd / 8, 1 << (fromEnd % 8));
    }

    private static boolean escapes(PiContext context, PiBlocks blocks, PiInjection injection) {
        MemorySegment tuple = MemorySegment.ofArray(new byte[tupleSize(context)]);
        BlockCursor cursor = blocks.cursor();
        cursor.passIntervals(context, injection.interval());
        cursor.data().skip(context.interval());
        cursor.readTuple(context, tuple);
        flip(tuple, injection.offset(), injection.mask());
        return context.format().appTag(tuple, 0) == PiTuple.ESCAPE_APP_TAG;
    }

    private static void flip(PiContext context, PiBlocks blocks, PiInjection injection) {
        SegmentCursor read = at(context, blocks, injection);
        SegmentCursor written = at(context, blocks, injection);
        MemorySegment single = MemorySegment.ofArray(new byte[1]);
        read.read(single, 1);
        flip(single, 0, injection.mask());
        written.write(single, 1);
    }

    private static SegmentCursor at(PiContext context, PiBlocks blocks, PiInjection injection) {
        BlockCursor cursor = blocks.cursor();
        cursor.passIntervals(context, injection.interval());
        if (injection.target() == InjectionTarget.DATA) {
            cursor.data().skip(injection.offset());
            return cursor.data();
        }
        cursor.data().skip(context.interval());
        SegmentCursor metadata = cursor.requiredMetadata();
        metadata.skip(context.tupleOffset() + injection.offset());
        return metadata;
    }

    private static void flip(MemorySegment memory, long offset, int mask) {
        byte old = memory.get(ValueLayout.JAVA_BYTE, offset);
        memory.set(ValueLayout.JAVA_BYTE, offset, (byte) (old ^ mask));
    }

    private static int tupleSize(PiContext context) {
        return context.format().tupleSize();
    }
}
