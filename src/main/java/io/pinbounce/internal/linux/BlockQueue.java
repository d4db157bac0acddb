package io.pinbounce.internal.linux;

/**
 * Limits of a request queue: {@code queue/*} in sysfs (the kernel's
 * Documentation/ABI/stable/sysfs-block). A value of 0 means that this kernel has no such file.
 *
 * @param logicalBlock bytes, the smallest unit that the device addresses
 * @param physicalBlock bytes, the smallest unit that the device writes without reading first
 * @param dmaAlignment bytes that a buffer's address is a multiple of (the file holds it less one)
 * @param largestTransfer bytes, the most that the kernel puts into one command
 * @param hardwareTransfer bytes, the most that the device takes in one command
 * @param stableWrites whether memory must hold still while it is being written
 * @param writeCache {@code "write back"}, {@code "write through"}, or empty
 */
public record BlockQueue(
        int logicalBlock,
        int physicalBlock,
        int dmaAlignment,
        long largestTransfer,
        long hardwareTransfer,
        boolean stableWrites,
        String writeCache) {

    /** A queue of which nothing is known. */
    public static final BlockQueue UNKNOWN = new BlockQueue(0, 0, 0, 0, 0, false, "");
}
