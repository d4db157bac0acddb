package io.pinbounce.internal.linux;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * What Linux reports about an open file or block device: answers, no decisions.
 *
 * @param status kind, identity and size
 * @param statx what the file says about direct I/O
 * @param mount how it was reached; null for a block device, or when it is not to be found
 * @param devices where the bytes are; empty when no device can be named (tmpfs, overlay, network),
 *     several for a btrfs that spans them
 * @param inodeFlags {@code FS_*_FL} of linux/fs.h; 0 if unknown
 * @param openFlags {@link OpenFlags} that the descriptor has; -1 if unknown
 * @param pageSize bytes in a page of memory
 * @param volume tells the inode, or the block device, from others with the same number: derived
 *     from the file system's UUID or id and the inode's generation, or from the device's serial
 *     number, or the file behind a loop device, which outlive reboots; where there is none of
 *     these, from the device number
 * @param upper the folder that holds what is written, if the file system is an overlay; null for
 *     other file systems, or if it cannot be found
 */
public record FileFacts(
        FileStatus status,
        Statx statx,
        @Nullable Mount mount,
        List<BlockDevice> devices,
        int inodeFlags,
        int openFlags,
        int pageSize,
        long volume,
        @Nullable FileFacts upper) {

    /** The file is not copied on write, so btrfs keeps no checksums of it (linux/fs.h). */
    public static final int FS_NOCOW_FL = 0x00800000;

    private static final int REGULAR_FILE = 0x8000 | 0600; // S_IFREG of linux/stat.h

    /** Copies the devices. */
    public FileFacts {
        devices = List.copyOf(devices);
    }

    /**
     * A regular file on a disk of which nothing is known, with direct I/O.
     *
     * @param inode tells one simulated file from another
     * @param size bytes
     * @param memoryAlignment bytes
     * @param offsetAlignment bytes
     * @return facts that only {@code statx} contributed to
     */
    public static FileFacts simulated(
            long inode, long size, int memoryAlignment, int offsetAlignment) {
        Statx statx =
                new Statx(
                        Statx.STATX_BASIC_STATS | Statx.STATX_DIOALIGN,
                        REGULAR_FILE,
                        inode,
                        size,
                        4096,
                        memoryAlignment,
                        offsetAlignment,
                        0,
                        0,
                        0);
        FileStatus status = new FileStatus(0, 0, inode, REGULAR_FILE, size, 0, 0, 0);
        BlockDevice disk =
                new BlockDevice(
                        "simulated",
                        0,
                        BlockSizes.UNKNOWN,
                        BlockQueue.UNKNOWN,
                        IntegrityProfile.NONE,
                        Layer.NONE);
        return new FileFacts(
                status, statx, null, List.of(disk), 0, OpenFlags.O_DIRECT, 4096, 0, null);
    }
}
