package io.pinbounce.internal.linux;

/**
 * Block sizes that an open block device reports by {@code ioctl} (linux/fs.h).
 *
 * @param logicalBlock bytes ({@code BLKSSZGET}); 0 if unknown
 * @param physicalBlock bytes ({@code BLKPBSZGET}); 0 if unknown
 */
public record BlockSizes(int logicalBlock, int physicalBlock) {

    /** The sizes of a device that is not open. */
    public static final BlockSizes UNKNOWN = new BlockSizes(0, 0);
}
