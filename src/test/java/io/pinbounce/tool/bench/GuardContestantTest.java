package io.pinbounce.tool.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.pinbounce.internal.crc.Crc16T10Dif;
import io.pinbounce.testing.Requirements;
import io.pinbounce.testing.Seed;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;

/** A comparison is fair only if all do the same work. */
class GuardContestantTest {

    private final Arena arena = Arena.ofConfined();
    private final GuardBuffers buffers = GuardBuffers.allocate(arena, 8 * 4096);

    @BeforeEach
    void randomData() {
        byte[] bytes = new byte[(int) buffers.source().byteSize()];
        new Random(Seed.value()).nextBytes(bytes);
        buffers.source().copyFrom(MemorySegment.ofArray(bytes));
    }

    @AfterEach
    void close() {
        arena.close();
    }

    private static void orSkip(GuardContestant contestant) {
        Requirements.orSkip(contestant.missing().isEmpty(), contestant.missing());
    }

    @ParameterizedTest
    @CsvSource({
        "SLICING_CRC16, JAVA_CRC16",
        "NATIVE_CRC16, JAVA_CRC16",
        "NATIVE_CRC32C, JAVA_CRC32C",
        "NATIVE_CRC64, JAVA_CRC64",
        "ISAL_CRC16, JAVA_CRC16",
        "ISAL_CRC32C, JAVA_CRC32C",
        "ISAL_CRC64, JAVA_CRC64"
    })
    void rivalsComputeTheSame(GuardContestant one, GuardContestant other) {
        orSkip(one);
        assertEquals(other.pass(buffers), one.pass(buffers));
        MemorySegment data = buffers.source();
        data.set(ValueLayout.JAVA_BYTE, 99, (byte) ~data.get(ValueLayout.JAVA_BYTE, 99));
        long before = other.pass(buffers);
        data.set(ValueLayout.JAVA_BYTE, 99, (byte) ~data.get(ValueLayout.JAVA_BYTE, 99));
        assertNotEquals(before, one.pass(buffers)); // it does look at the data
    }

    @ParameterizedTest
    @EnumSource(names = {"COPY", "GUARDED_COPY", "COPY_THEN_ISAL"})
    void copiesCopyEverything(GuardContestant copy) {
        orSkip(copy);
        copy.pass(buffers);
        assertEquals(-1, buffers.source().mismatch(buffers.destination()));
    }

    @ParameterizedTest
    @EnumSource(names = {"GUARDED_COPY", "COPY_THEN_ISAL"})
    void guardedCopiesStoreTheGuards(GuardContestant copy) {
        orSkip(copy);
        copy.pass(buffers);
        for (int i = 0; i < 8; i++) {
            int guard = Crc16T10Dif.update(0, buffers.source(), i * 4096L, 4096);
            assertEquals(
                    Short.reverseBytes((short) guard),
                    buffers.metadata().get(ValueLayout.JAVA_SHORT_UNALIGNED, 8L * i));
        }
    }

    @Test
    void smallDataIsOneInterval() {
        GuardBuffers small = GuardBuffers.allocate(arena, 512);
        GuardContestant.GUARDED_COPY.pass(small);
        assertEquals(-1, small.source().mismatch(small.destination()));
        assertEquals(8, small.metadata().byteSize());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ISAL", "4 KiB", "nothing"})
    void ratiosAreChosenByPattern(String pattern) {
        long rows = GuardRatios.ROWS.stream().filter(row -> row.matches(pattern)).count();
        switch (pattern) {
            case "" -> assertEquals(GuardRatios.ROWS.size(), rows);
            case "nothing" -> assertEquals(0, rows);
            default -> assertEquals(rows > 0 && rows < GuardRatios.ROWS.size(), true, pattern);
        }
    }
}
