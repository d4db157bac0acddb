package io.pinbounce.pi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pinbounce.internal.crc.Vectors;

import org.junit.jupiter.api.Test;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

class PiBlocksTest {

    private static final PiContext T10 = PiContext.t10(512);

    private final byte[] bytes = Vectors.pattern("lcg", 2 * 520);
    private final PiBlocks blocks = PiBlocks.interleaved(MemorySegment.ofArray(bytes));

    private PiTuple tuple(int index) {
        return PiTuple.read(T10, MemorySegment.ofArray(bytes), 520L * index + 512);
    }

    private void putTuple(int index, PiTuple tuple) {
        tuple.write(T10, MemorySegment.ofArray(bytes), 520L * index + 512);
    }

    @Test
    void escapedBlocksPassEveryCheck() {
        Pi.generate(T10, blocks, 3);
        Pi.escape(T10, blocks);
        assertEquals(new PiTuple(0xFFFF, 0xFFFF, 0xFFFF_FFFFL), tuple(1));
        bytes[0] ^= 1;
        assertEquals(List.of(), Pi.verify(T10, blocks, 99));
    }

    @Test
    void remapLeavesUnexpectedTagsUnchanged() {
        Pi.generate(T10, blocks, 3);
        PiTuple right = tuple(0);
        PiTuple wrong = new PiTuple(tuple(1).guard(), 0, 77);
        putTuple(1, wrong);
        PiMismatch mismatch =
                new PiMismatch(4, Set.of(PiCheck.REF_TAG), wrong.withRefTag(4), wrong);
        assertEquals(List.of(mismatch), Pi.remap(T10, blocks, 3, 1000, RemapCheck.COMPARE));
        assertEquals(right.withRefTag(1003), tuple(0));
        assertEquals(wrong, tuple(1));
        assertEquals(List.of(), Pi.remap(T10, blocks, 3, 1000, RemapCheck.TRUST));
        assertEquals(wrong.withRefTag(1004), tuple(1));
    }

    @Test
    void remapSkipsEscapesAndFieldsThatAreOff() {
        Pi.escape(T10, blocks);
        byte[] escaped = bytes.clone();
        assertEquals(List.of(), Pi.remap(T10, blocks, 3, 1000, RemapCheck.COMPARE));
        assertArrayEquals(escaped, bytes);
        PiContext off = T10.toBuilder().checks(Set.of(PiCheck.GUARD)).build();
        Pi.generate(off, blocks, 3);
        byte[] generated = bytes.clone();
        assertEquals(List.of(), Pi.remap(off, blocks, 3, 1000, RemapCheck.TRUST));
        assertArrayEquals(generated, bytes);
    }

    @Test
    void typeThreeRemapsToTheSeed() {
        PiContext context = T10.toBuilder().type(PiType.TYPE_3).refSeed(5).build();
        Pi.generate(context, blocks, 3);
        putTuple(0, tuple(0).withRefTag(6));
        assertEquals(List.of(), Pi.remap(context, blocks, 3, 9, RemapCheck.COMPARE));
        assertEquals(9, tuple(0).refTag());
        assertEquals(9, tuple(1).refTag());
    }

    @Test
    void typeZeroOnlyCopiesData() {
        PiContext none = T10.toBuilder().type(PiType.TYPE_0).build();
        byte[] before = bytes.clone();
        Pi.generate(none, blocks, 0);
        Pi.escape(none, blocks);
        assertEquals(List.of(), Pi.verify(none, blocks, 0));
        assertEquals(List.of(), Pi.remap(none, blocks, 0, 1, RemapCheck.TRUST));
        assertArrayEquals(before, bytes);
        byte[] stripped = new byte[1024];
        PiBlocks data = PiBlocks.dataOnly(MemorySegment.ofArray(stripped));
        assertEquals(List.of(), Pi.verifyCopy(none, blocks, data, 0));
        byte[] inserted = before.clone();
        Arrays.fill(inserted, 0, 512, (byte) 0);
        Pi.generateCopy(none, data, PiBlocks.interleaved(MemorySegment.ofArray(inserted)), 0);
        assertArrayEquals(before, inserted);
        PiStream stream = PiStream.verifying(none, MetadataLayout.INTERLEAVED, 0);
        stream.add(MemorySegment.ofArray(bytes).asSlice(0, 100));
        assertEquals(List.of(), stream.finish());
    }

    @Test
    void injectingTheSameErrorTwiceUndoesIt() {
        Pi.generate(T10, blocks, 0);
        byte[] right = bytes.clone();
        PiInjection injection =
                Pi.inject(T10, blocks, InjectionTarget.DATA, new SplittableRandom(3));
        assertEquals(1, Pi.verify(T10, blocks, 0).size());
        bytes[(int) (520 * injection.interval() + injection.offset())] ^= (byte) injection.mask();
        assertArrayEquals(right, bytes);
    }

    @Test
    void theStorageTagTakesTheFirstOfTheSharedBits() {
        PiContext context =
                PiContext.of(PiFormat.GUARD_32, 4096).toBuilder()
                        .storageTag(24, 0xABCDEF)
                        .refSeed(0x0123_4567_89AB_CDEFL)
                        .build();
        byte[] tuple = new byte[16];
        new PiTuple(0x11223344, 0x5566, 0xABCDEF, 0x23_4567_89AB_CDEFL)
                .write(context, MemorySegment.ofArray(tuple), 0);
        assertArrayEquals(HexFormat.of().parseHex("112233445566abcdef23456789abcdef"), tuple);
        assertEquals(0x23_4567_89AB_CDEFL, context.generatedRefTag(0));
        PiContext small =
                PiContext.of(PiFormat.GUARD_64, 4096).toBuilder().storageTag(8, 0xA5).build();
        new PiTuple(0x1122334455667788L, 0x99AA, 0xA5, 0x1234567890L)
                .write(small, MemorySegment.ofArray(tuple), 0);
        assertArrayEquals(HexFormat.of().parseHex("112233445566778899aaa51234567890"), tuple);
    }

    @Test
    void theStorageTagMayTakeAllBitsOfItsRange() {
        for (PiFormat format : PiFormat.values()) {
            int size = format.maxStorageTagSize();
            PiContext context =
                    PiContext.of(format, 4096).toBuilder()
                            .storageTag(size, PiFormat.ones(size))
                            .build();
            MemorySegment tuple = MemorySegment.ofArray(new byte[16]);
            Pi.generateZeros(context, tuple, 3, 1);
            PiTuple read = PiTuple.read(context, tuple, 0);
            assertEquals(PiFormat.ones(size), read.storageTag(), format.toString());
            assertEquals(3 & context.refTagMask(), read.refTag(), format.toString());
        }
    }

    @Test
    void extendedRangesIncludeWholeMetadata() {
        assertEquals(new PiRange(0, 520), new PiRange(0, 512).toExtended(T10));
        assertEquals(new PiRange(0, 511), new PiRange(0, 511).toExtended(T10));
        assertEquals(new PiRange(532, 1040), new PiRange(524, 1024).toExtended(T10));
        assertEquals(new PiRange(512, 0), new PiRange(515, 5).toData(T10));
        assertEquals(new PiRange(512, 2), new PiRange(515, 7).toData(T10));
    }
}
