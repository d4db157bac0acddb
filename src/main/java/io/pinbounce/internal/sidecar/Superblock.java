package io.pinbounce.internal.sidecar;

import io.pinbounce.internal.linux.FileFacts;
import io.pinbounce.internal.sidecar.SidecarSpec.Mode;
import io.pinbounce.pi.PiCheck;
import io.pinbounce.pi.PiContext;
import io.pinbounce.pi.PiFormat;
import io.pinbounce.pi.PiType;
import io.pinbounce.pi.TuplePosition;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.EnumSet;
import java.util.Set;

/**
 * What a sidecar is and where it stands. Two copies take turns, so that one is always whole; the
 * one with the higher sequence counts.
 *
 * <pre>
 *     0  magic "PINSEAL1"                       8
 *     8  version, 1                             4
 *    12  mode: 0 NONE, 1 JOURNAL                1
 *    13  clean: 1 if closed in order            1
 *    14  device: 1 if the data is on one        1
 *    15  guard's bits: 16, 32, 64               1
 *    16  identity, random                       8
 *    24  sequence, from 1                       8
 *    32  volume: see FileFacts                  8
 *    40  the data's inode, 0 for a device       8
 *    48  the data's length in bytes             8
 *    56  bytes of the log                       8
 *    64  tail: groups of intents before it      8
 *        have been retired
 *    72  intervals below this that have no      8
 *        tuple page are unprotected
 *    80  pages of the map                       8
 *    88  interval in bytes                      4
 *    92  metadata bytes per interval            4
 *    96  type: 1 to 3                           1
 *    97  tuple: 0 first, 1 last in metadata     1
 *    98  checks: 1 guard, 2 application tag,    1
 *        4 reference tag, 8 storage tag
 *    99  bits of the storage tag                1
 *   100  application tag                        2
 *   102  mask of the application tag            2
 *   104  storage tag                            8
 *   112  seed of the reference tag              8
 *   120  seed of the guard                      8
 *   128  zeros
 *   504  check of the sector
 * </pre>
 *
 * @param identity what tells this sidecar from every other
 * @param sequence the higher, the newer
 * @param data which file or device it belongs to
 * @param context how tuples are made
 * @param mode what a power cut leaves
 * @param clean whether it was closed in order
 * @param logSize bytes of the log
 * @param tail sequence of the first group of intents that may matter
 * @param unprotected intervals below this that have no tuple page are unprotected
 * @param maps pages of the map
 */
public record Superblock(
        long identity,
        long sequence,
        DataFile data,
        PiContext context,
        Mode mode,
        boolean clean,
        long logSize,
        long tail,
        long unprotected,
        long maps) {

    /** The version of the format that this release writes, and the only one it reads. */
    public static final int VERSION = 1;

    static final long MAGIC = 0x314C4145534E4950L; // "PINSEAL1", little-endian

    /** What the check of a superblock is seeded with, since its identity is not known yet. */
    private static final long ANY = MAGIC;

    /**
     * The file or device that the tuples belong to.
     *
     * @param device whether it is a block device
     * @param volume which inode of that number it is, or which device: {@link FileFacts#volume()}
     * @param inode of a file
     * @param length bytes when that was last written down
     */
    public record DataFile(boolean device, long volume, long inode, long length) {

        /** The file or device that is open. */
        static DataFile of(FileFacts facts, long length) {
            boolean device = facts.status().isBlockDevice();
            return new DataFile(
                    device, facts.volume(), device ? 0 : facts.status().inode(), length);
        }

        boolean isSameFile(DataFile other) {
            return device == other.device && volume == other.volume && inode == other.inode;
        }

        /** Whether both are files of one file system: volumes differ above it by a generation. */
        boolean isOnFileSystemOf(DataFile other) {
            return device == other.device && (int) volume == (int) other.volume;
        }

        @Override
        public String toString() {
            String name = "volume=%016x".formatted(volume);
            return device ? name : name + " inode=" + inode;
        }
    }

    /** The next superblock. */
    Superblock next(DataFile data, Mode mode, boolean clean, long tail, long unprotected) {
        return new Superblock(
                identity,
                sequence + 1,
                data,
                context,
                mode,
                clean,
                logSize,
                tail,
                unprotected,
                maps);
    }

    Superblock withMaps(long maps) {
        return new Superblock(
                identity, sequence, data, context, mode, clean, logSize, tail, unprotected, maps);
    }

    Superblock withTail(long tail) {
        return new Superblock(
                identity, sequence, data, context, mode, clean, logSize, tail, unprotected, maps);
    }

    /** Where this copy goes: the two take turns. */
    long position() {
        return Layout.SUPERBLOCKS[(int) (sequence % 2)];
    }

    void encode(MemorySegment page) {
        page.asSlice(0, Layout.PAGE).fill((byte) 0);
        page.set(Sector.U64, 0, MAGIC);
        page.set(Sector.U32, 8, VERSION);
        page.set(ValueLayout.JAVA_BYTE, 12, (byte) (mode == Mode.JOURNAL ? 1 : 0));
        page.set(ValueLayout.JAVA_BYTE, 13, (byte) (clean ? 1 : 0));
        page.set(ValueLayout.JAVA_BYTE, 14, (byte) (data.device ? 1 : 0));
        page.set(ValueLayout.JAVA_BYTE, 15, (byte) guardBits(context.format()));
        page.set(Sector.U64, 16, identity);
        page.set(Sector.U64, 24, sequence);
        page.set(Sector.U64, 32, data.volume);
        page.set(Sector.U64, 40, data.inode);
        page.set(Sector.U64, 48, data.length);
        page.set(Sector.U64, 56, logSize);
        page.set(Sector.U64, 64, tail);
        page.set(Sector.U64, 72, unprotected);
        page.set(Sector.U64, 80, maps);
        page.set(Sector.U32, 88, context.interval());
        page.set(Sector.U32, 92, context.metadataSize());
        page.set(ValueLayout.JAVA_BYTE, 96, (byte) typeNumber(context.type()));
        boolean last = context.tuplePosition() == TuplePosition.LAST;
        page.set(ValueLayout.JAVA_BYTE, 97, (byte) (last ? 1 : 0));
        page.set(ValueLayout.JAVA_BYTE, 98, (byte) checkBits(context.checks()));
        page.set(ValueLayout.JAVA_BYTE, 99, (byte) context.storageTagSize());
        page.set(Sector.U16, 100, (short) context.appTag());
        page.set(Sector.U16, 102, (short) context.appMask());
        page.set(Sector.U64, 104, context.storageTag());
        page.set(Sector.U64, 112, context.refSeed());
        page.set(Sector.U64, 120, context.guardSeed());
        Sector.stamp(page, 0, ANY, position());
    }

    /** Writes the superblock to its place, durably. */
    void write(SidecarFiles files) throws SealException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment page = SidecarFiles.allocate(arena, Layout.PAGE);
            encode(page);
            files.writeDurably(position(), page);
        }
    }

    /** Whether there is a superblock, of whatever version: its check is right. */
    static boolean isThere(MemorySegment page, long position) {
        return Sector.isGood(page, 0, ANY, position) && page.get(Sector.U64, 0) == MAGIC;
    }

    /**
     * Reads a superblock that is there.
     *
     * @throws IllegalArgumentException if a field cannot be: the message names it
     */
    static Superblock decode(MemorySegment page) {
        Fields fields = new Fields(page);
        int version = page.get(Sector.U32, 8);
        if (version != VERSION) {
            throw new IllegalArgumentException(
                    "the sidecar is of a version that this release does not know; use a newer one,"
                            + " or make a new sidecar with pinbounce seal --anew:"
                            + (" version=" + version + " known=" + VERSION));
        }
        DataFile data =
                new DataFile(
                        fields.flag("device", 14),
                        page.get(Sector.U64, 32),
                        page.get(Sector.U64, 40),
                        fields.limited("length", 48, Layout.MAX_BYTES));
        Mode mode = fields.flag("mode", 12) ? Mode.JOURNAL : Mode.NONE;
        long logSize = fields.limited("logSize", 56, Layout.MAX_LOG);
        fields.require(logSize >= Layout.MIN_LOG && logSize % Layout.PAGE == 0, "logSize", logSize);
        fields.requireZeros(128);
        PiContext context = fields.context();
        fields.require(
                data.length() / context.interval() < Layout.MAX_INTERVALS, "length", data.length());
        return new Superblock(
                page.get(Sector.U64, 16),
                fields.limited("sequence", 24, Layout.MAX_SEQUENCE),
                data,
                context,
                mode,
                fields.flag("clean", 13),
                logSize,
                fields.limited("tail", 64, Layout.MAX_SEQUENCE),
                fields.limited("unprotected", 72, Layout.MAX_INTERVALS),
                fields.limited("maps", 80, Layout.MAX_MAPS));
    }

    private static int guardBits(PiFormat format) {
        return switch (format) {
            case GUARD_16 -> 16;
            case GUARD_32 -> 32;
            case GUARD_64 -> 64;
        };
    }

    private static int typeNumber(PiType type) {
        return switch (type) {
            case TYPE_0 -> 0;
            case TYPE_1 -> 1;
            case TYPE_2 -> 2;
            case TYPE_3 -> 3;
        };
    }

    private static int checkBits(Set<PiCheck> checks) {
        int bits = 0;
        for (PiCheck check : checks) {
            bits |= checkBit(check);
        }
        return bits;
    }

    private static int checkBit(PiCheck check) {
        return switch (check) {
            case GUARD -> 1;
            case APP_TAG -> 2;
            case REF_TAG -> 4;
            case STORAGE_TAG -> 8;
        };
    }

    /** Reads fields, and names those whose values are not allowed. */
    private record Fields(MemorySegment page) {

        int u8(int at) {
            return Byte.toUnsignedInt(page.get(ValueLayout.JAVA_BYTE, at));
        }

        boolean flag(String name, int at) {
            require(u8(at) <= 1, name, u8(at));
            return u8(at) == 1;
        }

        long limited(String name, int at, long most) {
            long value = page.get(Sector.U64, at);
            require(value >= 0 && value <= most, name, value);
            return value;
        }

        void require(boolean good, String name, long value) {
            if (!good) {
                throw new IllegalArgumentException(
                        "a field of the superblock cannot be; make a new sidecar with pinbounce"
                                + (" seal --anew: " + name + "=" + value));
            }
        }

        void requireZeros(int from) {
            for (int at = from; at < Sector.BODY; at++) {
                require(u8(at) == 0, "reserved byte " + at, u8(at));
            }
        }

        PiContext context() {
            PiFormat format =
                    switch (u8(15)) {
                        case 16 -> PiFormat.GUARD_16;
                        case 32 -> PiFormat.GUARD_32;
                        case 64 -> PiFormat.GUARD_64;
                        default -> throw unknown("guard", 15);
                    };
            PiType type =
                    switch (u8(96)) {
                        case 1 -> PiType.TYPE_1;
                        case 2 -> PiType.TYPE_2;
                        case 3 -> PiType.TYPE_3;
                        default -> throw unknown("type", 96);
                    };
            EnumSet<PiCheck> checks = EnumSet.noneOf(PiCheck.class);
            for (PiCheck check : PiCheck.values()) {
                if ((u8(98) & checkBit(check)) != 0) {
                    checks.add(check);
                }
            }
            require(u8(98) <= 15 && checks.contains(PiCheck.GUARD), "checks", u8(98));
            return new PiContext(
                    format,
                    type,
                    page.get(Sector.U32, 88),
                    page.get(Sector.U32, 92),
                    flag("tuple", 97) ? TuplePosition.LAST : TuplePosition.FIRST,
                    Short.toUnsignedInt(page.get(Sector.U16, 100)),
                    Short.toUnsignedInt(page.get(Sector.U16, 102)),
                    u8(99),
                    page.get(Sector.U64, 104),
                    page.get(Sector.U64, 112),
                    page.get(Sector.U64, 120),
                    checks);
        }

        private IllegalArgumentException unknown(String name, int at) {
            return new IllegalArgumentException(
                    "a field of the superblock cannot be: " + name + "=" + u8(at));
        }
    }
}
