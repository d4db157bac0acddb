package io.pinbounce.internal.sidecar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.internal.sidecar.SidecarSpec.Mode;
import io.pinbounce.internal.sidecar.Superblock.DataFile;
import io.pinbounce.pi.PiContext;
import io.pinbounce.testing.Seed;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;

class SuperblockTest {

    private final Random random = new Random(Seed.value());

    private final MemorySegment page = MemorySegment.ofArray(new byte[Layout.PAGE]);

    private Superblock any() {
        long pages = Layout.MAX_LOG / Layout.PAGE;
        long fewest = Layout.MIN_LOG / Layout.PAGE;
        return new Superblock(
                random.nextLong(),
                random.nextLong(Layout.MAX_SEQUENCE),
                new DataFile(
                        random.nextBoolean(),
                        random.nextLong(),
                        random.nextLong(),
                        random.nextLong(Layout.MAX_INTERVALS)),
                Contexts.any(random),
                random.nextBoolean() ? Mode.NONE : Mode.JOURNAL,
                random.nextBoolean(),
                random.nextLong(fewest, pages + 1) * Layout.PAGE,
                random.nextLong(Layout.MAX_SEQUENCE),
                random.nextLong(Layout.MAX_INTERVALS),
                random.nextInt(Layout.MAX_MAPS));
    }

    @Test
    void aSuperblockIsReadAsItWasWritten() {
        for (int round = 0; round < 1000; round++) {
            Superblock superblock = any();
            superblock.encode(page);
            assertTrue(Superblock.isThere(page, superblock.position()));
            assertEquals(superblock, Superblock.decode(page));
        }
    }

    @Test
    void twoCopiesTakeTurns() {
        for (int round = 0; round < 100; round++) {
            Superblock superblock = any();
            Superblock next =
                    superblock.next(superblock.data(), Mode.JOURNAL, true, 5, 6).withMaps(7);
            assertNotEquals(superblock.position(), next.position());
            assertEquals(superblock.sequence() + 1, next.sequence());
            next.encode(page);
            assertFalse(
                    Superblock.isThere(page, superblock.position()),
                    "in the place of the other copy");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "8, 4, 2, version=2",
        "12, 1, 2, mode=2",
        "13, 1, 255, clean=255",
        "14, 1, 2, device=2",
        "15, 1, 17, guard=17",
        "24, 8, -1, sequence=-1",
        "24, 8, 9223372036854775807, sequence=9223372036854775807",
        "48, 8, -1, length=-1",
        "48, 8, 9223372036854775807, length=",
        "48, 8, 600000000000000, length=600000000000000",
        "56, 8, 0, logSize=0",
        "56, 8, 65536, logSize=65536",
        "56, 8, 131073, logSize=131073",
        "56, 8, 1073745920, logSize=1073745920",
        "56, 8, -4096, logSize=-4096",
        "64, 8, -2, tail=-2",
        "64, 8, 9223372036854775807, tail=",
        "72, 8, -1, unprotected=-1",
        "72, 8, 1100000000000, unprotected=1100000000000",
        "80, 8, 65537, maps=65537",
        "80, 8, -1, maps=-1",
        "88, 4, 0, interval=0",
        "88, 4, -512, interval=-512",
        "88, 4, 513, interval=513",
        "92, 4, 1, metadataSize=1",
        "92, 4, -1, metadataSize=-1",
        "96, 1, 0, type=0",
        "96, 1, 4, type=4",
        "97, 1, 2, tuple=2",
        "98, 1, 0, checks=0",
        "98, 1, 14, checks=14",
        "98, 1, 31, checks=31",
        "99, 1, 33, storageTagSize=33",
        "100, 2, 65535, appTag=0xffff",
        "104, 8, 1, storageTag=0x1",
        "120, 8, 65536, guardSeed=0x10000",
        "128, 1, 1, reserved byte 128=1",
        "503, 1, 128, reserved byte 503=128"
    })
    void aFieldThatIsOutOfRangeIsNamed(int at, int size, long value, String named) {
        Superblock superblock =
                new Superblock(
                        1,
                        1,
                        new DataFile(false, 1, 2, 3),
                        PiContext.t10(512),
                        Mode.JOURNAL,
                        true,
                        Layout.MIN_LOG,
                        1,
                        0,
                        0);
        superblock.encode(page);
        for (int i = 0; i < size; i++) {
            page.set(ValueLayout.JAVA_BYTE, at + i, (byte) (value >> (8 * i)));
        }
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> Superblock.decode(page));
        assertTrue(String.valueOf(e.getMessage()).contains(named), e.getMessage());
    }
}
