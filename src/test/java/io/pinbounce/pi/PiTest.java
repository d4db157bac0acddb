package io.pinbounce.pi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.pinbounce.internal.crc.Allocation;
import io.pinbounce.internal.crc.Crc16T10Dif;
import io.pinbounce.internal.crc.Vectors;

import org.junit.jupiter.api.Test;

import java.lang.foreign.MemorySegment;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

class PiTest {

    private static final PiContext T10 = PiContext.t10(512);

    private final byte[] bytes = Vectors.pattern("lcg", 4 * 512);
    private final MemorySegment data = MemorySegment.ofArray(bytes);
    private final MemorySegment metadata = MemorySegment.ofArray(new byte[4 * 8]);

    private PiTuple tuple(int index) {
        return PiTuple.read(T10, metadata, 8L * index);
    }

    @Test
    void referenceTagsCountFromTheFirstIntervalAndAreTruncated() {
        PiContext context = T10.toBuilder().type(PiType.TYPE_2).refSeed(0xFFFF_FFF0L).build();
        Pi.generate(context, data, metadata, 14);
        assertEquals(0xFFFF_FFFEL, tuple(0).refTag());
        assertEquals(0xFFFF_FFFFL, tuple(1).refTag());
        assertEquals(0, tuple(2).refTag());
        assertEquals(1, tuple(3).refTag());
        assertEquals(List.of(), Pi.verify(context, data, metadata, 14));
        assertEquals(4, Pi.verify(context, data, metadata, 15).size());
    }

    @Test
    void typeThreeWritesTheSeedAndNeverComparesIt() {
        PiContext context = T10.toBuilder().type(PiType.TYPE_3).refSeed(0xCAFE).build();
        Pi.generate(context, data, metadata, 9);
        assertEquals(0xCAFE, tuple(0).refTag());
        assertEquals(0xCAFE, tuple(3).refTag());
        PiContext other = context.toBuilder().refSeed(1).build();
        assertEquals(List.of(), Pi.verify(other, data, metadata, 0));
    }

    @Test
    void theGuardStartsFromItsSeed() {
        PiContext context = T10.toBuilder().guardSeed(0xA5C3).build();
        Pi.generate(context, data, metadata, 0);
        assertEquals(Crc16T10Dif.update(0xA5C3, data, 512, 512), tuple(1).guard());
        assertEquals(List.of(), Pi.verify(context, data, metadata, 0));
        assertEquals(4, Pi.verify(T10, data, metadata, 0).size());
    }

    @Test
    void fieldsThatAreNotCheckedAreWrittenAsZero() {
        PiContext all = T10.toBuilder().appTag(0x1234).refSeed(0x77).build();
        for (PiCheck check : PiCheck.values()) {
            PiContext context = all.toBuilder().checks(Set.of(check)).build();
            metadata.fill((byte) 0x5A);
            Pi.generate(context, data, metadata, 0);
            int guard = Crc16T10Dif.update(0, data, 0, 512);
            PiTuple expected =
                    switch (check) {
                        case GUARD -> new PiTuple(guard, 0, 0);
                        case APP_TAG -> new PiTuple(0, 0x1234, 0);
                        case REF_TAG -> new PiTuple(0, 0, 0x77);
                        case STORAGE_TAG -> new PiTuple(0, 0, 0);
                    };
            assertEquals(expected, tuple(0));
        }
    }

    @Test
    void everyBadIntervalIsReportedWithEveryFailingField() {
        PiContext context = T10.toBuilder().appTag(0x0100).appMask(0xFF00).build();
        Pi.generate(context, data, metadata, 100);
        PiTuple right = tuple(1);
        // The low byte of the application tag is outside the mask.
        PiTuple wrong = new PiTuple(right.guard() ^ 1, 0x02FF, 5);
        wrong.write(T10, metadata, 8);
        bytes[3 * 512] ^= 0x10;
        PiTuple stale = tuple(3);
        PiTuple fresh = new PiTuple(Crc16T10Dif.update(0, data, 3 * 512, 512), 0x0100, 103);
        Set<PiCheck> three = EnumSet.complementOf(EnumSet.of(PiCheck.STORAGE_TAG));
        PiMismatch first = new PiMismatch(101, three, right, wrong);
        PiMismatch second = new PiMismatch(103, Set.of(PiCheck.GUARD), fresh, stale);
        List<PiMismatch> mismatches = Pi.verify(context, data, metadata, 100);
        assertEquals(List.of(first, second), mismatches);
        assertEquals(PiCheck.GUARD, mismatches.getFirst().first());
        assertThrows(UnsupportedOperationException.class, mismatches::clear);
    }

    @Test
    void typeZeroOnlyCopiesData() {
        PiContext context = T10.toBuilder().type(PiType.TYPE_0).build();
        MemorySegment none = MemorySegment.ofArray(new byte[0]);
        byte[] copy = new byte[bytes.length];
        Pi.generateCopy(context, data, MemorySegment.ofArray(copy), none, 0);
        assertArrayEquals(bytes, copy);
        metadata.fill((byte) 0x5A);
        Pi.generate(context, data, metadata, 0);
        Pi.generateZeros(context, metadata, 0, 4);
        assertEquals(new PiTuple(0x5A5A, 0x5A5A, 0x5A5A5A5AL), tuple(0));
        assertSame(List.of(), Pi.verify(context, data, metadata, 0));
    }

    @Test
    void zeroIntervalsAreAccepted() {
        MemorySegment none = MemorySegment.ofArray(new byte[0]);
        Pi.generate(T10, none, none, 0);
        Pi.generateCopy(T10, none, none, none, 0);
        Pi.generateZeros(T10, none, 0, 0);
        assertEquals(List.of(), Pi.verify(T10, none, none, 0));
    }

    @Test
    void cleanRequestsAllocateNothing() {
        MemorySegment copy = MemorySegment.ofArray(new byte[bytes.length]);
        Runnable requests =
                () -> {
                    Pi.generateCopy(T10, data, copy, metadata, 3);
                    Pi.verify(T10, copy, metadata, 3);
                    Pi.generate(T10, copy, metadata, 3);
                    Pi.generateZeros(T10, metadata, 3, 4);
                };
        assertEquals(0, Allocation.perRun(requests));
    }
}
