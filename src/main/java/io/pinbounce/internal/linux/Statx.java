package io.pinbounce.internal.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * What {@code statx} says about direct I/O on a file. A value of 0 means that the kernel or file
 * system reported none.
 *
 * @param mask {@code STATX_*} bits of the fields that the kernel filled
 * @param mode kind and permission bits
 * @param inode inode number
 * @param size bytes
 * @param blockSize preferred I/O size ({@code stx_blksize}) in bytes
 * @param dioMemoryAlignment bytes ({@code stx_dio_mem_align}, Linux 6.1)
 * @param dioOffsetAlignment bytes ({@code stx_dio_offset_align}, Linux 6.1)
 * @param dioReadOffsetAlignment bytes ({@code stx_dio_read_offset_align}, Linux 6.14)
 * @param atomicWriteMinimum bytes ({@code stx_atomic_write_unit_min}, Linux 6.11)
 * @param atomicWriteMaximum bytes ({@code stx_atomic_write_unit_max}, Linux 6.11)
 */
public record Statx(
        int mask,
        int mode,
        long inode,
        long size,
        int blockSize,
        int dioMemoryAlignment,
        int dioOffsetAlignment,
        int dioReadOffsetAlignment,
        int atomicWriteMinimum,
        int atomicWriteMaximum) {

    /** {@code sizeof(struct statx)}, linux/stat.h. */
    public static final long SIZE = 256;

    /** {@code dirfd} that stands for the current directory (linux/fcntl.h). */
    public static final int AT_FDCWD = -100;

    /** The descriptor itself, with an empty path (linux/fcntl.h). */
    public static final int AT_EMPTY_PATH = 0x1000;

    /** Kind, mode, inode, size and the like (linux/stat.h). */
    public static final int STATX_BASIC_STATS = 0x07ff;

    /** Alignment of direct I/O (linux/stat.h, Linux 6.1). */
    public static final int STATX_DIOALIGN = 0x2000;

    /** Limits of atomic writes (linux/stat.h, Linux 6.11). */
    public static final int STATX_WRITE_ATOMIC = 0x10000;

    /** Offset alignment of direct reads alone (linux/stat.h, Linux 6.14). */
    public static final int STATX_DIO_READ_ALIGN = 0x20000;

    /** The mount, by a number that is never used again (linux/stat.h, Linux 6.8). */
    public static final int STATX_MNT_ID_UNIQUE = 0x4000;

    // Offsets in struct statx (linux/stat.h); the stub library checks them against the compiler's.
    static final long MASK = 0x00;

    static final long BLKSIZE = 0x04;

    static final long UID = 0x14;

    static final long GID = 0x18;

    static final long MODE = 0x1c;

    static final long INO = 0x20;

    static final long SIZE_FIELD = 0x28;

    static final long RDEV_MAJOR = 0x80;

    static final long RDEV_MINOR = 0x84;

    static final long DEV_MAJOR = 0x88;

    static final long DEV_MINOR = 0x8c;

    static final long MNT_ID = 0x90;

    static final long DIO_MEM_ALIGN = 0x98;

    static final long DIO_OFFSET_ALIGN = 0x9c;

    static final long ATOMIC_WRITE_UNIT_MIN = 0xa8;

    static final long ATOMIC_WRITE_UNIT_MAX = 0xac;

    static final long DIO_READ_OFFSET_ALIGN = 0xb4;

    /**
     * Asks about an open file.
     *
     * @param libc the C library
     * @param fd an open file descriptor
     * @return the answer; one without any value when the call failed
     */
    public static Statx of(LibC libc, int fd) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment answer = arena.allocate(SIZE, 8);
            int wanted =
                    STATX_BASIC_STATS | STATX_DIOALIGN | STATX_WRITE_ATOMIC | STATX_DIO_READ_ALIGN;
            long failed = libc.statx(fd, "", AT_EMPTY_PATH, wanted, answer);
            return failed < 0 ? new Statx(0, 0, 0, 0, 0, 0, 0, 0, 0, 0) : read(answer);
        }
    }

    /**
     * Asks for the mount through which a file was opened.
     *
     * @param libc the C library
     * @param fd an open file descriptor
     * @return a number that no other mount had or will have until the next boot; 0 if the kernel
     *     knows none (before Linux 6.8)
     */
    static long uniqueMount(LibC libc, int fd) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment answer = arena.allocate(SIZE, 8);
            long failed = libc.statx(fd, "", AT_EMPTY_PATH, STATX_MNT_ID_UNIQUE, answer);
            boolean known = failed >= 0 && (answer.get(JAVA_INT, MASK) & STATX_MNT_ID_UNIQUE) != 0;
            return known ? answer.get(JAVA_LONG, MNT_ID) : 0;
        }
    }

    /**
     * Whether the file system answers at all: then an alignment of 0 means no direct I/O.
     *
     * @return false on Linux before 6.1, and for file systems that leave the question open
     */
    public boolean reportsDirectIo() {
        return (mask & STATX_DIOALIGN) != 0;
    }

    static Statx read(MemorySegment answer) {
        return new Statx(
                answer.get(JAVA_INT, MASK),
                Short.toUnsignedInt(answer.get(JAVA_SHORT, MODE)),
                answer.get(JAVA_LONG, INO),
                answer.get(JAVA_LONG, SIZE_FIELD),
                answer.get(JAVA_INT, BLKSIZE),
                answer.get(JAVA_INT, DIO_MEM_ALIGN),
                answer.get(JAVA_INT, DIO_OFFSET_ALIGN),
                answer.get(JAVA_INT, DIO_READ_OFFSET_ALIGN),
                answer.get(JAVA_INT, ATOMIC_WRITE_UNIT_MIN),
                answer.get(JAVA_INT, ATOMIC_WRITE_UNIT_MAX));
    }
}
