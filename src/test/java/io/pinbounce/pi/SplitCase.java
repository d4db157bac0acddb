package io.pinbounce.pi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.pinbounce.testing.Share;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Two small blocks, with metadata before and after the tuple, in three states: before their tuples
 * are generated, afterwards, and after remapping. The expected states were made without any cut.
 */
final class SplitCase {

    static final long FIRST = 11;

    static final long OTHER_REF_SEED = 0x7654_3210_FEDC_BA98L;

    private static final int OTHER_METADATA = 5;

    /** Bytes: more than the longest tuple, and more than a step of any instruction set. */
    private static final int NEAR = 70;

    final PiContext context;
    final Content fresh;
    final Content generated;
    final Content remapped;

    private SplitCase(PiContext context, Content fresh, Content generated, Content remapped) {
        this.context = context;
        this.fresh = fresh;
        this.generated = generated;
        this.remapped = remapped;
    }

    static SplitCase of(PiFormat format) {
        PiContext context =
                PiContext.of(format, format.intervalUnit()).toBuilder()
                        .metadataSize(format.tupleSize() + OTHER_METADATA)
                        .tuplePosition(TuplePosition.LAST)
                        .appTag(0x1234)
                        .storageTag(Math.max(8, format.minStorageTagSize()), 0xA5)
                        .refSeed(0x0123_4567_89AB_CDEFL)
                        .build();
        byte[] data = new byte[2 * context.interval()];
        byte[] metadata = new byte[2 * context.metadataSize()];
        for (int i = 0; i < data.length; i++) {
            data[i] = (byte) (i * 31 + (i >>> 7));
        }
        for (int i = 0; i < metadata.length; i++) {
            metadata[i] = (byte) (100 + i);
        }
        Content fresh = new Content(context, data, metadata);
        PiContext remapped = context.toBuilder().refSeed(OTHER_REF_SEED).build();
        return new SplitCase(
                context, fresh, fresh.generatedAs(context), fresh.generatedAs(remapped));
    }

    /** Where both blocks can be cut: before every byte, and after the last one. */
    int cuts() {
        return 2 * (int) context.blockSize() + 1;
    }

    /**
     * Where they are cut: in the full share before every byte; in the small share before every
     * 13th, and near the ends of data and metadata.
     */
    int[] places() {
        return IntStream.range(0, cuts())
                .filter(at -> Share.isFull() || at % 13 == 0 || isNearAnEnd(at))
                .toArray();
    }

    private boolean isNearAnEnd(int at) {
        int inBlock = at % (int) context.blockSize();
        return Math.abs(inBlock - context.interval()) <= NEAR
                || Math.min(inBlock, context.blockSize() - inBlock) <= NEAR;
    }

    /** The same blocks with a wrong byte after a cut. */
    SplitCase wrongBehind(int cut) {
        return new SplitCase(
                context,
                fresh.wrongBehind(cut),
                generated.wrongBehind(cut),
                remapped.wrongBehind(cut));
    }

    /** Data and metadata of both blocks. */
    static final class Content {

        private final PiContext context;
        final byte[] data;
        final byte[] metadata;

        private Content(PiContext context, byte[] data, byte[] metadata) {
            this.context = context;
            this.data = data;
            this.metadata = metadata;
        }

        private Content generatedAs(PiContext how) {
            Content copy = new Content(how, data, metadata.clone());
            MemorySegment tuples = MemorySegment.ofArray(copy.metadata);
            Pi.generate(how, MemorySegment.ofArray(data), tuples, FIRST);
            return copy;
        }

        private Content wrongBehind(int cut) {
            int last = 2 * (int) context.blockSize() - 1;
            int at = Math.min(cut, last);
            int block = at / (int) context.blockSize();
            int rest = at % (int) context.blockSize();
            Content copy = new Content(context, data.clone(), metadata.clone());
            if (rest < context.interval()) {
                copy.data[block * context.interval() + rest] ^= 1;
            } else {
                copy.metadata[block * context.metadataSize() + rest - context.interval()] ^= 1;
            }
            return copy;
        }

        /** The same content with one bit flipped. */
        Content injected(PiInjection injection) {
            Content copy = new Content(context, data.clone(), metadata.clone());
            Injected.flip(context, injection, copy.data, copy.metadata);
            return copy;
        }

        Arrangement cutAt(int at, MetadataLayout layout, SegmentAllocator memory) {
            return Arrangement.cutOnce(context, layout, data, metadata, at, memory);
        }

        /** The interleaved bytes, each in a segment of its own. */
        List<MemorySegment> everyByte() {
            byte[] whole = Arrangement.interleaved(context, data, metadata);
            return Arrangement.cut(whole, IntStream.range(0, whole.length).toArray());
        }

        void requireEqual(Arrangement blocks) {
            assertArrayEquals(data, blocks.data());
            assertArrayEquals(metadata, blocks.metadata());
        }
    }
}
