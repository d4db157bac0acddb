package io.pinbounce.internal.linux;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.List;

/** Asks the kernel for what it knows about an open file, and judges nothing. */
public final class FactFinder {

    private static final long FNV_OFFSET_BASIS = 0xcbf29ce484222325L;

    private static final long FNV_PRIME = 0x100000001b3L;

    private static final String UPPER = "upperdir=";

    /**
     * The limit ends a loop: in a container, the path of an overlay's upper folder may lead into
     * that overlay.
     */
    private static final int MAX_FILES = 16;

    private static final RecentMounts RECENT = new RecentMounts(System::nanoTime);

    private final LibC libc;

    private final Path proc;

    private final BlockTree blocks;

    private final MountTable mounts;

    private final RecentMounts recent;

    /** Files that are being asked about, one beneath the other. */
    private int files;

    /**
     * Looks into the file systems of the kernel at their usual places.
     *
     * @param sys where sysfs is mounted
     * @param proc where procfs is mounted
     * @param recent mounts that were looked at a moment ago
     */
    FactFinder(LibC libc, Path sys, Path proc, RecentMounts recent) {
        this.recent = recent;
        this.libc = libc;
        this.proc = proc;
        this.blocks = new BlockTree(sys, new DeviceMapper(libc), this::behind);
        this.mounts = new MountTable(proc);
    }

    /**
     * Asks the kernel about an open file. What it does not answer stays unknown.
     *
     * @param libc the C library
     * @param fd an open file descriptor
     * @return the answers
     */
    public static FileFacts factsOf(LibC libc, int fd) {
        return new FactFinder(libc, Path.of("/sys"), Path.of("/proc"), RECENT).find(fd);
    }

    FileFacts find(int fd) {
        return find(fd, mounts.flags(fd));
    }

    private FileFacts find(int fd, int openFlags) {
        FileStatus status = FileStatus.of(libc, fd);
        BlockIoctl ioctl = new BlockIoctl(libc, fd);
        RecentMounts.Found found =
                status.isBlockDevice()
                        ? device(DeviceNumber.of(status.specialDevice()), ioctl)
                        : recent.of(
                                Statx.uniqueMount(libc, fd),
                                () -> mount(fd, DeviceNumber.of(status.device())));
        return new FileFacts(
                status,
                Statx.of(libc, fd),
                found.mount(),
                found.devices(),
                status.isRegular() ? ioctl.inodeFlags() : 0,
                openFlags,
                libc.pageSize(),
                volume(status, ioctl, fd),
                found.upper());
    }

    private RecentMounts.Found device(DeviceNumber number, BlockIoctl ioctl) {
        return new RecentMounts.Found(null, List.of(opened(number, ioctl)), null);
    }

    private RecentMounts.Found mount(int fd, DeviceNumber number) {
        Mount mount = mounts.of(fd);
        return new RecentMounts.Found(mount, beneath(number, mount), upper(mount));
    }

    /** The upper folder of an overlay, in which every file that is written lies. */
    private @Nullable FileFacts upper(@Nullable Mount mount) {
        if (mount == null || !mount.fileSystem().equals("overlay")) {
            return null;
        }
        for (String option : mount.options()) {
            if (option.startsWith(UPPER)) {
                return behind(option.substring(UPPER.length()));
            }
        }
        return null;
    }

    /**
     * Asks about a file that is used with direct I/O beneath another file. It is not opened first,
     * since opening might block if the path now names, say, a pipe. Only the flags and the identity
     * of a regular file, and a loop device, need a real descriptor, and opening that may be
     * refused.
     */
    private @Nullable FileFacts behind(String path) {
        int fd = files < MAX_FILES ? libc.open(path, OpenFlags.O_PATH, 0) : -1;
        if (fd < 0) {
            return null;
        }
        files++;
        try {
            FileStatus status = FileStatus.of(libc, fd);
            int open = status.isRegular() || isLoop(status) ? reopen(fd) : -1;
            try {
                return find(open < 0 ? fd : open, OpenFlags.O_DIRECT);
            } finally {
                if (open >= 0) {
                    libc.close(open);
                }
            }
        } finally {
            files--;
            libc.close(fd);
        }
    }

    private boolean isLoop(FileStatus status) {
        return status.isBlockDevice()
                && !blocks.backingFile(DeviceNumber.of(status.specialDevice())).isEmpty();
    }

    private int reopen(int fd) {
        return libc.open(proc.resolve("self/fd/" + fd).toString(), OpenFlags.O_RDONLY, 0);
    }

    private long volume(FileStatus status, BlockIoctl ioctl, int fd) {
        if (status.isBlockDevice()) {
            long number = status.specialDevice();
            byte[] name = permanentName(DeviceNumber.of(number), fd).getBytes(UTF_8);
            return name.length == 0 ? number : folded(name);
        }
        return fileSystem(status, ioctl, fd) ^ (long) ioctl.generation() << Integer.SIZE;
    }

    private String permanentName(DeviceNumber number, int fd) {
        LoopStatus loop = LoopStatus.of(libc, fd);
        return loop == null
                ? blocks.permanentName(number)
                : loop.permanentName(behind(blocks.backingFile(number))) + blocks.partition(number);
    }

    private long fileSystem(FileStatus status, BlockIoctl ioctl, int fd) {
        byte[] name = ioctl.fileSystem();
        if (name.length > 0) {
            return folded(name);
        }
        long id = libc.fileSystemId(fd);
        return id == 0 ? status.device() : id;
    }

    /** FNV-1a; the JDK's MD5 comes with all its security providers, 10 ms of a start. */
    private static long folded(byte[] name) {
        long hash = FNV_OFFSET_BASIS;
        for (byte each : name) {
            hash = (hash ^ Byte.toUnsignedLong(each)) * FNV_PRIME;
        }
        return hash;
    }

    /** An open block device answers for itself; sysfs adds what has no ioctl. */
    private BlockDevice opened(DeviceNumber number, BlockIoctl ioctl) {
        BlockDevice known = blocks.byNumber(number);
        return new BlockDevice(
                known == null ? number.toString() : known.name(),
                ioctl.size(),
                ioctl.blockSizes(),
                known == null ? BlockQueue.UNKNOWN : known.queue(),
                known == null || known.integrity().equals(IntegrityProfile.NONE)
                        ? ioctl.integrity()
                        : known.integrity(),
                known == null ? Layer.hidden("sysfs does not know it") : known.layer());
    }

    private List<BlockDevice> beneath(DeviceNumber number, @Nullable Mount mount) {
        if (number.isAnonymous()) {
            return mount == null ? List.of() : blocks.bySource(mount.source());
        }
        BlockDevice device = blocks.byNumber(number);
        return device == null ? List.of() : List.of(device);
    }
}
