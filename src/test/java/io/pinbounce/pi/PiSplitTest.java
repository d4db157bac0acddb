package io.pinbounce.pi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.stream.IntStream;

/** Two blocks, cut once or at every byte: inside data, guard, each tag, and other metadata. */
class PiSplitTest {

    private static final long FIRST = 11;

    /** One case: what is right, and blocks whose tuples are still to be generated. */
    private static final class Case {
        final PiContext context;
        final byte[] data;
        final byte[] fresh;
        final byte[] right;

        private Case(PiContext context, byte[] data, byte[] fresh) {
            this.context = context;
            this.data = data;
            this.fresh = fresh;
            this.right = fresh.clone();
            Pi.generate(context, MemorySegment.ofArray(data), MemorySegment.ofArray(right), FIRST);
        }

        static Case of(PiFormat format) {
            PiContext context =
                    PiContext.of(format, format.intervalUnit()).toBuilder()
                            .metadataSize(format.tupleSize() + 5)
                            .tuplePosition(TuplePosition.LAST)
                            .appTag(0x1234)
                            .refSeed(0x0123_4567_89AB_CDEFL)
                            .build();
            byte[] data = new byte[2 * context.interval()];
            byte[] fresh = new byte[2 * context.metadataSize()];
            for (int i = 0; i < data.length; i++) {
                data[i] = (byte) (i * 31 + (i >>> 7));
            }
            for (int i = 0; i < fresh.length; i++) {
                fresh[i] = (byte) (100 + i);
            }
            return new Case(context, data, fresh);
        }

        /** Every byte; but of large intervals only their ends, and a few on the way. */
        int[] cuts() {
            int interval = context.interval();
            return IntStream.rangeClosed(0, data.length + fresh.length)
                    .filter(
                            at -> {
                                int inBlock = at % (int) context.blockSize();
                                boolean atEnd = inBlock <= 9 || inBlock >= interval - 9;
                                return interval == 512 || atEnd || at % 97 == 0;
                            })
                    .toArray();
        }

        Arrangement fresh(MetadataLayout layout, int at) {
            return Arrangement.cutOnce(context, layout, data, fresh, at);
        }

        Arrangement right(MetadataLayout layout, int at) {
            return Arrangement.cutOnce(context, layout, data, right, at);
        }

        void requireRight(Arrangement blocks, int at) {
            assertArrayEquals(data, blocks.data(), () -> "at=" + at);
            assertArrayEquals(right, blocks.metadata(), () -> "at=" + at);
        }
    }

    @ParameterizedTest
    @EnumSource
    void generateAndVerify(PiFormat format) {
        Case of = Case.of(format);
        for (MetadataLayout layout : MetadataLayout.values()) {
            for (int at : of.cuts()) {
                Arrangement blocks = of.fresh(layout, at);
                Pi.generate(of.context, blocks.blocks(), FIRST);
                of.requireRight(blocks, at);
                assertEquals(List.of(), Pi.verify(of.context, blocks.blocks(), FIRST));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void copies(PiFormat format) {
        Case of = Case.of(format);
        for (MetadataLayout layout : MetadataLayout.values()) {
            for (int at : of.cuts()) {
                Arrangement target = of.fresh(layout, at);
                MemorySegment data = MemorySegment.ofArray(of.data);
                Pi.generateCopy(of.context, PiBlocks.dataOnly(data), target.blocks(), FIRST);
                of.requireRight(target, at);
                byte[] stripped = new byte[of.data.length];
                PiBlocks destination = PiBlocks.dataOnly(MemorySegment.ofArray(stripped));
                assertEquals(
                        List.of(), Pi.verifyCopy(of.context, target.blocks(), destination, FIRST));
                assertArrayEquals(of.data, stripped);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void streams(PiFormat format) {
        Case of = Case.of(format);
        for (MetadataLayout layout : MetadataLayout.values()) {
            for (int at : of.cuts()) {
                Arrangement blocks = of.fresh(layout, at);
                PiStream stream = PiStream.generating(of.context, layout, FIRST);
                blocks.second.forEach(stream::addMetadata);
                blocks.first.forEach(stream::add);
                assertEquals(List.of(), stream.finish());
                of.requireRight(blocks, at);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyByteOnItsOwn(PiFormat format) {
        Case of = Case.of(format);
        byte[] whole = Arrangement.interleaved(of.context, of.data, of.fresh);
        int[] everywhere = new int[whole.length];
        for (int i = 0; i < everywhere.length; i++) {
            everywhere[i] = i;
        }
        List<MemorySegment> bytes = Arrangement.cut(whole, everywhere);
        Pi.generate(of.context, PiBlocks.interleaved(bytes), FIRST);
        byte[] right = Arrangement.interleaved(of.context, of.data, of.right);
        assertArrayEquals(right, Arrangement.join(bytes));
        PiStream stream = PiStream.verifying(of.context, MetadataLayout.INTERLEAVED, FIRST);
        for (int i = 0; i < bytes.size() - 1; i++) {
            stream.add(bytes.get(i));
        }
        assertThrows(IllegalStateException.class, stream::finish);
        stream.add(bytes.getLast());
        assertEquals(List.of(), stream.finish());
    }

    @ParameterizedTest
    @EnumSource
    void canaryDamageAtACutIsNoticed(PiFormat format) {
        Case of = Case.of(format);
        int at = of.context.interval() + 7;
        Arrangement blocks = of.right(MetadataLayout.INTERLEAVED, at);
        MemorySegment second = blocks.first.getLast();
        second.set(ValueLayout.JAVA_BYTE, 0, (byte) ~second.get(ValueLayout.JAVA_BYTE, 0));
        assertEquals(1, Pi.verify(of.context, blocks.blocks(), FIRST).size());
    }

    @Test
    void pieceOfDataMayChangeOnceItWasAdded() {
        Case of = Case.of(PiFormat.GUARD_64);
        MemorySegment piece = MemorySegment.ofArray(new byte[1000]);
        PiStream stream = PiStream.verifying(of.context, MetadataLayout.SEPARATE, FIRST);
        stream.addMetadata(MemorySegment.ofArray(of.right));
        for (int at = 0; at < of.data.length; at += 1000) {
            int length = Math.min(1000, of.data.length - at);
            MemorySegment.copy(of.data, at, piece, ValueLayout.JAVA_BYTE, 0, length);
            stream.add(piece.asSlice(0, length));
        }
        assertEquals(List.of(), stream.finish());
    }
}
