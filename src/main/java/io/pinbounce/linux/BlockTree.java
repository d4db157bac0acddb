package io.pinbounce.linux;

import org.jspecify.annotations.Nullable;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Block devices in sysfs: {@code /sys/dev/block/MAJOR:MINOR} and {@code /sys/class/block/NAME} link
 * to a device's directory. A partition's directory lies in its disk's, and has no queue and no
 * integrity profile of its own.
 */
final class BlockTree {

    private static final int SECTOR = 512; // the unit of the file "size", whatever the device's is

    /** Where disks of different kinds say what they were called when they were made. */
    private static final List<String> NAMES_FOR_LIFE =
            List.of("wwid", "device/wwid", "serial", "device/serial", "dm/uuid", "md/uuid");

    private final Path sys;

    BlockTree(Path sys) {
        this.sys = sys;
    }

    @Nullable BlockDevice byNumber(DeviceNumber number) {
        return read(sys.resolve("dev/block/" + number));
    }

    /**
     * The devices of a file system that does not reveal them by number. One that btrfs lists among
     * others brings the others along.
     *
     * @param source what mountinfo calls the source; {@code /dev/mapper/x} is a link to the name
     *     that sysfs knows
     */
    List<BlockDevice> bySource(String source) {
        if (!source.startsWith("/")) {
            return List.of();
        }
        Path real = KernelFiles.resolve(Path.of(source));
        String name = String.valueOf((real == null ? Path.of(source) : real).getFileName());
        List<BlockDevice> found = new ArrayList<>();
        for (Path link : btrfsMembers(name)) {
            BlockDevice member = read(link);
            if (member != null) {
                found.add(member);
            }
        }
        BlockDevice itself = read(sys.resolve("class/block/" + name));
        return found.isEmpty() && itself != null ? List.of(itself) : found;
    }

    private List<Path> btrfsMembers(String name) {
        for (Path fileSystem : KernelFiles.list(sys.resolve("fs/btrfs"))) {
            Path devices = fileSystem.resolve("devices");
            if (Files.exists(devices.resolve(name))) {
                return KernelFiles.list(devices);
            }
        }
        return List.of();
    }

    private static @Nullable BlockDevice read(Path link) {
        Path device = KernelFiles.resolve(link);
        if (device == null) {
            return null;
        }
        Path disk = disk(device);
        return new BlockDevice(
                String.valueOf(device.getFileName()),
                KernelFiles.number(device.resolve("size")) * SECTOR,
                BlockSizes.UNKNOWN,
                queue(disk.resolve("queue")),
                integrity(disk.resolve("integrity")));
    }

    private static Path disk(Path device) {
        Path parent = device.getParent();
        return parent != null && Files.exists(device.resolve("partition")) ? parent : device;
    }

    /**
     * What a device is called wherever it is plugged in.
     *
     * @param number of a disk or a partition
     * @return empty if it has no such name, as loop devices
     */
    String nameForLife(DeviceNumber number) {
        Path device = KernelFiles.resolve(sys.resolve("dev/block/" + number));
        if (device == null) {
            return "";
        }
        String partition = KernelFiles.text(device.resolve("partition"));
        for (String file : NAMES_FOR_LIFE) {
            String name = KernelFiles.text(disk(device).resolve(file));
            if (!name.isEmpty()) {
                return partition.isEmpty() ? name : name + " partition " + partition;
            }
        }
        return "";
    }

    private static BlockQueue queue(Path queue) {
        Path dma = queue.resolve("dma_alignment");
        return new BlockQueue(
                (int) KernelFiles.number(queue.resolve("logical_block_size")),
                (int) KernelFiles.number(queue.resolve("physical_block_size")),
                Files.exists(dma) ? (int) KernelFiles.number(dma) + 1 : 0,
                KernelFiles.number(queue.resolve("max_sectors_kb")) * 1024,
                KernelFiles.number(queue.resolve("max_hw_sectors_kb")) * 1024,
                KernelFiles.number(queue.resolve("stable_writes")) == 1,
                KernelFiles.text(queue.resolve("write_cache")));
    }

    private static IntegrityProfile integrity(Path integrity) {
        String format = KernelFiles.text(integrity.resolve("format"));
        return format.isEmpty()
                ? IntegrityProfile.NONE
                : new IntegrityProfile(
                        format,
                        (int) KernelFiles.number(integrity.resolve("protection_interval_bytes")),
                        "sysfs integrity/format");
    }
}
