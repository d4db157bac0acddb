package io.pinbounce.internal.sidecar;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pinbounce.internal.sidecar.SidecarSpec.Mode;
import io.pinbounce.internal.sidecar.Superblock.DataFile;
import io.pinbounce.internal.sidecar.TupleStore.State;
import io.pinbounce.pi.PiCheck;
import io.pinbounce.pi.PiContext;
import io.pinbounce.pi.PiFormat;
import io.pinbounce.pi.PiType;
import io.pinbounce.pi.TuplePosition;

import org.junit.jupiter.api.Test;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;

/**
 * Sectors byte by byte, as the documentation has them: sidecars that exist must stay readable, so
 * if one of these tests has to be changed, so has the version.
 */
class FormatTest {

    private static final long IDENTITY = 0x8877665544332211L;

    private final byte[] page = new byte[2 * Layout.PAGE];

    private final MemorySegment memory = MemorySegment.ofArray(page);

    /** CRC-64/NVME bit by bit, as its definition has it, from a seed on. */
    private static long crc(long seed, byte[] sector) {
        long crc = ~seed;
        for (int i = 0; i < 504; i++) {
            crc ^= Byte.toUnsignedLong(sector[i]);
            for (int bit = 0; bit < 8; bit++) {
                crc = crc >>> 1 ^ ((crc & 1) == 0 ? 0 : 0x9A6C9329AC4BC9B5L);
            }
        }
        return ~crc;
    }

    /** Expects bytes in hexadecimal, zeros, and the check, which is worked out here as well. */
    private void assertSector(int number, long seed, String check, String... body) {
        byte[] expected = new byte[Sector.SIZE];
        int at = 0;
        for (String line : body) {
            byte[] bytes = HexFormat.of().parseHex(line.replace(" ", ""));
            System.arraycopy(bytes, 0, expected, at, bytes.length);
            at += bytes.length;
        }
        long crc = crc(seed, expected);
        assertEquals(check, HexFormat.of().toHexDigits(Long.reverseBytes(crc)));
        System.arraycopy(HexFormat.of().parseHex(check), 0, expected, 504, 8);
        int from = number * Sector.SIZE;
        byte[] found = Arrays.copyOfRange(page, from, from + Sector.SIZE);
        assertEquals(HexFormat.of().formatHex(expected), HexFormat.of().formatHex(found));
    }

    @Test
    void aSuperblockIsWrittenAsDocumented() {
        PiContext context =
                new PiContext(
                        PiFormat.GUARD_32,
                        PiType.TYPE_2,
                        4096,
                        24,
                        TuplePosition.LAST,
                        0x1234,
                        0xFF0F,
                        20,
                        0xABCDE,
                        0x1122334455667788L,
                        0xCAFEBABEL,
                        EnumSet.of(PiCheck.GUARD, PiCheck.REF_TAG, PiCheck.STORAGE_TAG));
        new Superblock(
                        IDENTITY,
                        7,
                        new DataFile(false, 0x801, 0x1F2F3, 1_000_000),
                        context,
                        Mode.JOURNAL,
                        true,
                        16 << 20,
                        42,
                        99,
                        3)
                .encode(memory);
        // The second page, whose first sector is number 8: the seed is the magic and that.
        assertSector(
                0,
                0x314C4145534E4950L + 8,
                "695a3b325cb52d35",
                "50494e5345414c31", // "PINSEAL1"
                "01000000", // version
                "01 01 00 20", // journal, clean, no device, 32-bit guard
                "1122334455667788", // identity
                "0700000000000000", // sequence
                "0108000000000000", // st_dev
                "f3f2010000000000", // inode
                "40420f0000000000", // length
                "0000000100000000", // bytes of the log
                "2a00000000000000", // tail
                "6300000000000000", // unprotected
                "0300000000000000", // pages of the map
                "00100000", // interval
                "18000000", // metadata
                "02 01 0d 14", // type 2, tuple last, guard + reference + storage tag, 20 bits
                "3412 0fff", // application tag and mask
                "debc0a0000000000", // storage tag
                "8877665544332211", // reference tag's seed
                "bebafeca00000000"); // guard's seed
        for (int i = Sector.SIZE; i < Layout.PAGE; i++) {
            assertEquals(0, page[i], "byte " + i);
        }
    }

    @Test
    void aSuperblockOfADeviceIsWrittenAsDocumented() {
        new Superblock(
                        1,
                        2,
                        new DataFile(true, 0x700, 0, 512),
                        PiContext.t10(512),
                        Mode.NONE,
                        false,
                        1 << 20,
                        1,
                        0,
                        0)
                .encode(memory);
        assertSector(
                0,
                0x314C4145534E4950L,
                "2ea7c91043e77c89",
                "50494e5345414c31",
                "01000000",
                "00 00 01 10", // none, not clean, device, 16-bit guard
                "0100000000000000",
                "0200000000000000",
                "0007000000000000",
                "0000000000000000",
                "0002000000000000",
                "0000100000000000",
                "0100000000000000",
                "0000000000000000",
                "0000000000000000",
                "00020000",
                "08000000",
                "01 00 0f 00", // type 1, tuple first, all checks, no storage tag
                "0000 ffff",
                "0000000000000000",
                "0000000000000000",
                "0000000000000000");
    }

    @Test
    void aTuplePageIsWrittenAsDocumented() {
        TuplePage tuples = new TuplePage();
        tuples.set(61, State.PROTECTED, 0x0102030405060708L);
        tuples.set(62, State.UNPROTECTED, 0);
        tuples.set(63, State.DAMAGED, 0);
        tuples.set(64, State.LOST, 0);
        tuples.set(65, State.PROTECTED, -1);
        tuples.set(121, State.DAMAGED, 0xF0);
        tuples.encode(memory, IDENTITY, 0x100000);
        assertSector(
                1,
                IDENTITY + 0x100000 / 512 + 1,
                "e65bb9a802243c79",
                "0807060504030201", // seal of interval 61
                "00".repeat(3 * 8), // 62 to 64 have none
                "ff".repeat(8), // 65
                "00".repeat(55 * 8),
                "f000000000000000", // 121
                "e4", // states, 2 bits each: 0, 1, 2, 3 from the lowest on
                "00".repeat(14),
                "02"); // the 61st
    }

    @Test
    void aPageOfTheMapIsWrittenTwiceAsDocumented() {
        PageMap map = new PageMap();
        map.add(4032);
        map.add(4032 + 9);
        map.add(2 * 4032 - 1);
        map.encode(0, memory, IDENTITY, 0x2000);
        assertSector(0, IDENTITY + 0x2000 / 512, "ae933e0d20c9b010", "");
        assertSector(
                1,
                IDENTITY + 0x2000 / 512 + 1,
                "6de0d6f264375dd4",
                "01 02", // bits 0 and 9
                "00".repeat(501),
                "80"); // bit 4031
        assertSector(8, IDENTITY + 0x2000 / 512 + 8, "5c0d1d63e2ed62b8", "");
        assertSector(
                9,
                IDENTITY + 0x2000 / 512 + 9,
                "9f7ef59ca6138f7c",
                "01 02", // the copy
                "00".repeat(501),
                "80");
    }

    @Test
    void aGroupOfTheLogIsWrittenAsDocumented() {
        Intent intent = new Intent(null, () -> {});
        intent.set(0x123456789AL, 0);
        intent.seals().clear(3);
        intent.base().clear(3);
        for (int i = 0; i < 3; i++) {
            intent.seals().set(i, State.PROTECTED, 0xA0 + i);
        }
        intent.base().set(1, State.UNPROTECTED, 0xB1);
        intent.covers(0, 3);
        SealRun cut = new SealRun();
        cut.clear(1);
        cut.set(0, State.PROTECTED, 0xC0);
        Intent resize = new Intent(null, () -> {});
        resize.resize(0x5001, 5, cut, new SealRun());
        LogSector.Writer writer = new LogSector.Writer(memory);
        writer.add(intent);
        writer.add(resize);
        writer.add(unprotectedResize());
        writer.finish(2 * Sector.SIZE, 0x99, 0xABCD, IDENTITY, 0x4000);
        assertSector(
                0,
                IDENTITY + 0x4000 / 512,
                "5c425631eddf143b",
                "504c4f47", // "PLOG"
                "0000 0200", // the first of two
                "9900000000000000", // sequence
                "cdab000000000000", // data end
                "9a78563412000310", // SEALS, three words, from that interval on
                "a000000000000000",
                "a100000000000000",
                "a200000000000000",
                "9b78563412000120", // BASE, one word
                "b100000000000000",
                "0000000000000130", // RESIZE
                "0150000000000000",
                "0500000000000110", // SEALS of the last interval
                "c000000000000000",
                "0000000000000130", // RESIZE
                "0160000000000000",
                "0600000000000120", // BASE: the last interval as it is, unprotected
                "d000000000000000",
                "0600000000000120", // BASE: as it will be
                "d100000000000000");
        assertSector(
                1,
                IDENTITY + 0x4000 / 512 + 1,
                "7c93405d126bea5c",
                "504c4f47",
                "0100 0200",
                "9900000000000000",
                "cdab000000000000");
    }

    /** An intent to cut an unprotected interval. */
    private static Intent unprotectedResize() {
        SealRun before = new SealRun();
        before.clear(1);
        before.set(0, State.UNPROTECTED, 0xD0);
        SealRun cut = new SealRun();
        cut.clear(1);
        cut.set(0, State.UNPROTECTED, 0xD1);
        Intent resize = new Intent(null, () -> {});
        resize.resize(0x6001, 6, cut, before);
        return resize;
    }
}
