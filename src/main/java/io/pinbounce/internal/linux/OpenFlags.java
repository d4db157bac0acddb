package io.pinbounce.internal.linux;

/**
 * Flags of {@code open(2)}. Most stand in {@code asm-generic/fcntl.h}; {@code O_DIRECT} is one of
 * the few whose value depends on the architecture, and JNR-POSIX has no constant for it.
 */
public final class OpenFlags {

    /** Reading only. */
    public static final int O_RDONLY = 0;

    /** Reading and writing. */
    public static final int O_RDWR = 2;

    /** Create the file when it is not there. */
    public static final int O_CREAT = 0x40;

    /**
     * With {@link #O_CREAT}, fails if the file exists. On a block device, fails if it is mounted or
     * otherwise opened with this flag.
     */
    public static final int O_EXCL = 0x80;

    /** Each write is durable when it returns, with the metadata needed to read it again. */
    public static final int O_DSYNC = 0x1000;

    /** Not inherited by programs that the process starts. */
    public static final int O_CLOEXEC = 0x80000;

    /** For questions about the file only: it is not opened, and needs no right to read. */
    public static final int O_PATH = 0x200000;

    /**
     * Past the page cache: 0x4000 in {@code asm-generic/fcntl.h} (x86-64, riscv64), 0x10000 in
     * {@code arch/arm64/include/uapi/asm/fcntl.h}.
     */
    public static final int O_DIRECT = directFlag(System.getProperty("os.arch"));

    /**
     * A regular file without a name in the folder that the path names: __O_TMPFILE of {@code
     * asm-generic/fcntl.h} with the architecture's O_DIRECTORY.
     */
    public static final int O_TMPFILE = 0x400000 | directoryFlag(System.getProperty("os.arch"));

    /** Fails with ELOOP if the path's last name is a symbolic link. */
    public static final int O_NOFOLLOW = noFollowFlag(System.getProperty("os.arch"));

    private OpenFlags() {}

    static int directFlag(String architecture) {
        return isArm(architecture) ? 0x10000 : 0x4000;
    }

    static int directoryFlag(String architecture) {
        return isArm(architecture) ? 0x4000 : 0x10000;
    }

    static int noFollowFlag(String architecture) {
        return isArm(architecture) ? 0x8000 : 0x20000;
    }

    /** Whether {@code arch/arm64/include/uapi/asm/fcntl.h} replaces flags of the generic header. */
    private static boolean isArm(String architecture) {
        return switch (architecture) {
            case "amd64", "x86_64", "riscv64" -> false;
            case "aarch64", "arm64" -> true;
            default ->
                    throw new UnsupportedOperationException(
                            "Pinbounce knows open's flags on x86-64, aarch64 and riscv64 only,"
                                    + (" os.arch=" + architecture));
        };
    }
}
