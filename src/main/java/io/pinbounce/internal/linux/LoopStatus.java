package io.pinbounce.internal.linux;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * What an open loop device, or a partition of one, says of the file behind it: {@code struct
 * loop_info64} of linux/loop.h.
 *
 * @param device of the file system that holds the file
 * @param inode of the file
 * @param special the device itself, if the file is a device
 * @param offset bytes of the file before the first of the loop device
 * @param sizeLimit bytes of the file that the loop device may use; 0 for all
 */
record LoopStatus(
        DeviceNumber device, long inode, DeviceNumber special, long offset, long sizeLimit) {

    /** linux/loop.h. */
    static final long LOOP_GET_STATUS64 = 0x4C05;

    /** {@code sizeof(struct loop_info64)}. */
    static final long SIZE = 232;

    // Offsets in struct loop_info64.
    static final long DEVICE = 0;

    static final long INODE = 8;

    static final long RDEVICE = 16;

    static final long OFFSET = 24;

    static final long SIZE_LIMIT = 32;

    /**
     * Asks an open block device.
     *
     * @return null if it is no loop device
     */
    static @Nullable LoopStatus of(LibC libc, int fd) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment answer = arena.allocate(SIZE, Long.BYTES);
            if (libc.ioctl(fd, LOOP_GET_STATUS64, answer) < 0) {
                return null;
            }
            return new LoopStatus(
                    DeviceNumber.of(answer.get(JAVA_LONG, DEVICE)),
                    answer.get(JAVA_LONG, INODE),
                    DeviceNumber.of(answer.get(JAVA_LONG, RDEVICE)),
                    answer.get(JAVA_LONG, OFFSET),
                    answer.get(JAVA_LONG, SIZE_LIMIT));
        }
    }

    /**
     * A name that the loop device has wherever the file is attached, as long as the file is the
     * same one.
     *
     * @param file the file that sysfs names, or null; in another mount namespace the name may lead
     *     to another file, or nowhere: the inode's number and that of its file system's device must
     *     then do, and the latter may change with a reboot
     */
    String permanentName(@Nullable FileFacts file) {
        String part = " offset " + offset + " limit " + sizeLimit;
        if (file == null || !leadsTo(file.status())) {
            return "inode " + inode + " of device " + device + part;
        }
        String volume = " of volume " + Long.toHexString(file.volume());
        return (file.status().isBlockDevice() ? "device" : "inode " + inode) + volume + part;
    }

    private boolean leadsTo(FileStatus status) {
        return status.isBlockDevice()
                ? DeviceNumber.of(status.specialDevice()).equals(special)
                : status.inode() == inode && DeviceNumber.of(status.device()).equals(device);
    }
}
