package io.pinbounce.internal.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Questions to an open descriptor. Request numbers are those of linux/fs.h on architectures with
 * the generic encoding of asm-generic/ioctl.h (x86-64, arm64, riscv64); the stub library checks
 * them against the compiler's.
 */
final class BlockIoctl {

    /** {@code _IO(0x12, 104)}: logical block size in bytes, an int. */
    static final long BLKSSZGET = 0x1268;

    /** {@code _IO(0x12, 123)}: physical block size in bytes, an int. */
    static final long BLKPBSZGET = 0x127b;

    /** {@code _IOR(0x12, 114, size_t)}: size in bytes. */
    static final long BLKGETSIZE64 = 0x80081272L;

    /** {@code _IOR('f', 1, long)}: inode flags, of which the kernel fills an int. */
    static final long FS_IOC_GETFLAGS = 0x80086601L;

    /** {@code _IOW('f', 2, long)}: sets them. */
    static final long FS_IOC_SETFLAGS = 0x40086602L;

    /** {@code _IOR('v', 1, long)}: the inode's generation, of which the kernel fills an int. */
    static final long FS_IOC_GETVERSION = 0x80087601L;

    /** {@code _IOR(0x15, 0, struct fsuuid2)}, Linux 6.9. */
    static final long FS_IOC_GETFSUUID = 0x80111500L;

    /** {@code sizeof(struct fsuuid2)}, linux/fs.h: a length, and up to 16 bytes. */
    static final long FSUUID_SIZE = 17;

    /** {@code _IOWR(0x15, 2, struct logical_block_metadata_cap)}, Linux 6.17, block devices. */
    static final long FS_IOC_GETLBMD_CAP = 0xC0101502L;

    /** {@code sizeof(struct logical_block_metadata_cap)}, linux/fs.h. */
    static final long METADATA_CAP_SIZE = 16;

    // Offsets in struct logical_block_metadata_cap.
    static final long LBMD_FLAGS = 0;

    static final long LBMD_INTERVAL = 4;

    static final long LBMD_GUARD_TAG_TYPE = 11;

    private static final int LBMD_PI_CAP_INTEGRITY = 1;

    private final LibC libc;

    private final int fd;

    BlockIoctl(LibC libc, int fd) {
        this.libc = libc;
        this.fd = fd;
    }

    BlockSizes blockSizes() {
        return new BlockSizes((int) ask(BLKSSZGET), (int) ask(BLKPBSZGET));
    }

    /** Size of a block device in bytes, or 0. */
    long size() {
        return ask(BLKGETSIZE64);
    }

    /** {@code FS_*_FL} of a regular file, or 0. */
    int inodeFlags() {
        return (int) ask(FS_IOC_GETFLAGS);
    }

    /** Which of the files that had this inode number it is; 0 if the file system does not count. */
    int generation() {
        return (int) ask(FS_IOC_GETVERSION);
    }

    /** What the file system was called when it was made; empty if it has no such name. */
    byte[] fileSystem() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment answer = arena.allocate(FSUUID_SIZE);
            if (libc.ioctl(fd, FS_IOC_GETFSUUID, answer) < 0) {
                return new byte[0];
            }
            long length = Math.min(answer.get(JAVA_BYTE, 0), FSUUID_SIZE - 1);
            return answer.asSlice(1, length).toArray(JAVA_BYTE);
        }
    }

    /** What a block device says about the metadata beside its blocks. */
    IntegrityProfile integrity() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment answer = arena.allocate(METADATA_CAP_SIZE, 8);
            boolean refused = libc.ioctl(fd, FS_IOC_GETLBMD_CAP, answer) < 0;
            if (refused || (answer.get(JAVA_INT, LBMD_FLAGS) & LBMD_PI_CAP_INTEGRITY) == 0) {
                return IntegrityProfile.NONE;
            }
            return new IntegrityProfile(
                    guardName(answer.get(JAVA_BYTE, LBMD_GUARD_TAG_TYPE)),
                    Short.toUnsignedInt(answer.get(JAVA_SHORT, LBMD_INTERVAL)),
                    "ioctl FS_IOC_GETLBMD_CAP");
        }
    }

    /** {@code LBMD_PI_CSUM_*} of linux/fs.h. */
    private static String guardName(byte type) {
        return switch (type) {
            case 0 -> "nop";
            case 1 -> "IP checksum";
            case 2 -> "CRC-16 T10-DIF";
            case 4 -> "CRC-64 NVMe";
            default -> "guard type " + type;
        };
    }

    /** Eight zeroed bytes hold an int as well as a long: Pinbounce runs on little endian only. */
    private long ask(long request) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment answer = arena.allocate(JAVA_LONG);
            return libc.ioctl(fd, request, answer) < 0 ? 0 : answer.get(JAVA_LONG, 0);
        }
    }
}
