package io.pinbounce.pi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.pinbounce.pi.SplitCheck.Cut;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Two blocks, cut once or at every byte: inside data, guard, each tag, and other metadata. */
class PiSplitTest {

    private static final long FIRST = SplitCase.FIRST;

    private static final int ENOUGH = 1 << 20;

    @TempDir private static Path folder = Path.of("");

    private static MemorySegment mapped = MemorySegment.NULL;

    /** Native code never uses memory that maps a file, so Java computes its guards. */
    @BeforeAll
    static void mapAFile() throws IOException {
        try (FileChannel file =
                FileChannel.open(
                        folder.resolve("mapped"),
                        StandardOpenOption.CREATE_NEW,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE)) {
            mapped = file.map(FileChannel.MapMode.READ_WRITE, 0, ENOUGH, Arena.global());
        }
    }

    /** The memory of the blocks decides whether native code or Java computes their guards. */
    enum Memory {
        /**
         * Memory for which the native twin, if there is one, computes all but the shortest pieces.
         */
        HEAP,
        /** Memory for which the Java twin computes guards. */
        MAPPED;

        /** Allocates memory for one check; the next check may reuse it. */
        SegmentAllocator allocator() {
            return switch (this) {
                case HEAP -> Arrangement.HEAP;
                case MAPPED -> SegmentAllocator.slicingAllocator(mapped);
            };
        }
    }

    private static void everywhere(SplitCheck check, PiFormat format, Memory memory) {
        SplitCase of = SplitCase.of(format);
        for (MetadataLayout layout : MetadataLayout.values()) {
            for (int at : of.places()) {
                check.at(new Cut(at, layout, memory.allocator()), of, of);
            }
        }
    }

    static Stream<Arguments> checks() {
        return Arrays.stream(SplitCheck.values())
                .flatMap(
                        check ->
                                Arrays.stream(PiFormat.values())
                                        .map(format -> Arguments.of(check, format)));
    }

    @ParameterizedTest
    @MethodSource("checks")
    void operationsAreRightWhereverBlocksAreCut(SplitCheck check, PiFormat format) {
        everywhere(check, format, Memory.HEAP);
    }

    @ParameterizedTest
    @MethodSource("checks")
    void javaTwinsAreRightWhereverBlocksAreCut(SplitCheck check, PiFormat format) {
        everywhere(check, format, Memory.MAPPED);
    }

    @ParameterizedTest
    @EnumSource
    void canaryAWrongByteAfterTheCutIsNoticed(SplitCheck check) {
        SplitCase of = SplitCase.of(PiFormat.GUARD_16);
        for (MetadataLayout layout : MetadataLayout.values()) {
            for (int at : of.places()) {
                Cut cut = new Cut(at, layout, Arrangement.HEAP);
                SplitCase wrong = of.wrongBehind(at);
                assertThrows(AssertionError.class, () -> check.at(cut, of, wrong));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void operationsAreRightWithEveryByteInItsOwnSegment(PiFormat format) {
        SplitCase of = SplitCase.of(format);
        List<MemorySegment> bytes = of.fresh.everyByte();
        Pi.generate(of.context, PiBlocks.interleaved(bytes), FIRST);
        assertArrayEquals(Arrangement.join(of.generated.everyByte()), Arrangement.join(bytes));
        PiStream stream = PiStream.verifying(of.context, MetadataLayout.INTERLEAVED, FIRST);
        for (int i = 0; i < bytes.size() - 1; i++) {
            stream.add(bytes.get(i));
        }
        assertThrows(IllegalStateException.class, stream::finish);
        stream.add(bytes.getLast());
        assertEquals(List.of(), stream.finish());
        Pi.remap(
                of.context,
                PiBlocks.interleaved(bytes),
                FIRST,
                SplitCase.OTHER_REF_SEED,
                RemapCheck.COMPARE);
        assertArrayEquals(Arrangement.join(of.remapped.everyByte()), Arrangement.join(bytes));
    }

    /** Damage after a cut is found if a guard or a tag covers it. */
    @ParameterizedTest
    @EnumSource
    void damageAfterACutIsFound(PiFormat format) {
        SplitCase of = SplitCase.of(format);
        for (MetadataLayout layout : MetadataLayout.values()) {
            for (int at : of.places()) {
                SplitCase damaged = of.wrongBehind(at);
                Arrangement blocks = damaged.generated.cutAt(at, layout, Arrangement.HEAP);
                assertEquals(1, Pi.verify(of.context, blocks.blocks(), FIRST).size());
            }
        }
    }

    @Test
    void aPieceOfDataMayChangeOnceItWasAdded() {
        SplitCase of = SplitCase.of(PiFormat.GUARD_64);
        byte[] data = of.generated.data;
        MemorySegment piece = MemorySegment.ofArray(new byte[1000]);
        PiStream stream = PiStream.verifying(of.context, MetadataLayout.SEPARATE, FIRST);
        stream.addMetadata(MemorySegment.ofArray(of.generated.metadata));
        for (int at = 0; at < data.length; at += 1000) {
            int length = Math.min(1000, data.length - at);
            MemorySegment.copy(data, at, piece, ValueLayout.JAVA_BYTE, 0, length);
            stream.add(piece.asSlice(0, length));
        }
        assertEquals(List.of(), stream.finish());
    }
}
