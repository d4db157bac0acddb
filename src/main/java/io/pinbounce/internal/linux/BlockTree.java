package io.pinbounce.internal.linux;

import org.jspecify.annotations.Nullable;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Block devices in sysfs: {@code /sys/dev/block/MAJOR:MINOR} and {@code /sys/class/block/NAME} link
 * to a device's directory. A partition's directory lies in its disk's, and has no queue and no
 * integrity profile of its own. {@code slaves} in it links to the devices beneath.
 *
 * <p>A tree answers one question and keeps what it has read, so that a device beneath many others
 * is read once.
 */
final class BlockTree {

    private static final int SECTOR = 512; // the unit of the file "size", whatever the device's is

    /**
     * Files in which disks of different kinds keep the name or serial number that they were made
     * with.
     */
    private static final List<String> PERMANENT_NAME_FILES =
            List.of("wwid", "device/wwid", "serial", "device/serial", "dm/uuid", "md/uuid");

    private static final String BACKING_FILE = "loop/backing_file";

    /** More layers than the kernel stacks, so that a loop in sysfs ends. */
    private static final int MAX_LAYERS = 32;

    private final Path sys;

    private final DeviceMapper mapper;

    private final Backing backing;

    /** Devices by their directories. A device that is being read has a hidden layer until then. */
    private final Map<Path, BlockDevice> known = new HashMap<>();

    private int layers;

    /** Looks at the file beneath a loop device. */
    interface Backing {

        /**
         * Asks the kernel about a file.
         *
         * @param path the path that sysfs gives
         * @return its facts; null if the file cannot be found
         */
        @Nullable FileFacts of(String path);
    }

    BlockTree(Path sys, DeviceMapper mapper, Backing backing) {
        this.sys = sys;
        this.mapper = mapper;
        this.backing = backing;
    }

    @Nullable BlockDevice byNumber(DeviceNumber number) {
        return read(sys.resolve("dev/block/" + number));
    }

    /**
     * The devices of a file system whose device number names none of them. For btrfs, all devices
     * of the file system that the source is one of.
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

    private @Nullable BlockDevice read(Path link) {
        Path device = KernelFiles.resolve(link);
        if (device == null) {
            return null;
        }
        BlockDevice before = known.get(device);
        if (before != null) {
            return before;
        }
        Path disk = disk(device);
        BlockDevice itself = describe(device, disk);
        known.put(device, itself);
        BlockDevice found = itself.over(layer(disk));
        known.put(device, found);
        return found;
    }

    private static BlockDevice describe(Path device, Path disk) {
        return new BlockDevice(
                name(device),
                KernelFiles.number(device.resolve("size")) * SECTOR,
                BlockSizes.UNKNOWN,
                queue(disk.resolve("queue")),
                integrity(disk.resolve("integrity")),
                Layer.hidden("it lies beneath itself"));
    }

    private static String name(Path device) {
        return String.valueOf(device.getFileName());
    }

    private Layer layer(Path disk) {
        if (layers == MAX_LAYERS) {
            return Layer.hidden("more than " + MAX_LAYERS + " layers are above it");
        }
        layers++;
        try {
            return Files.exists(disk.resolve("loop")) ? loop(disk) : stacked(disk);
        } finally {
            layers--;
        }
    }

    private Layer loop(Path disk) {
        String path = KernelFiles.text(disk.resolve(BACKING_FILE));
        boolean cached = KernelFiles.text(disk.resolve("loop/dio")).equals("0");
        return new Layer(
                Layer.Kind.LOOP,
                List.of(cached ? Layer.CACHED : Layer.DIRECT),
                "sysfs loop/backing_file=%s, loop/dio=%d".formatted(path, cached ? 0 : 1),
                List.of(),
                cached ? null : backing.of(path));
    }

    private Layer stacked(Path disk) {
        List<Path> slaves = KernelFiles.list(disk.resolve("slaves"));
        List<BlockDevice> devices = new ArrayList<>();
        for (Path slave : slaves) {
            BlockDevice device = read(slave);
            if (device == null) {
                return Layer.hidden("sysfs slaves/" + name(slave) + " leads nowhere");
            }
            devices.add(device);
        }
        if (Files.exists(disk.resolve("dm"))) {
            DeviceMapper.Answer dm =
                    mapper.ask(
                            DeviceNumber.parse(KernelFiles.text(disk.resolve("dev"))),
                            uuid(disk),
                            slaves.stream().map(BlockTree::uuid).toList());
            return new Layer(Layer.Kind.DM, dm.targets(), dm.source(), devices, null);
        }
        String level = KernelFiles.text(disk.resolve("md/level"));
        if (!level.isEmpty()) {
            String source = "sysfs md/level=" + level;
            return new Layer(Layer.Kind.MD, List.of(level), source, devices, null);
        }
        String source = "sysfs slaves";
        return devices.isEmpty()
                ? Layer.NONE
                : new Layer(Layer.Kind.OTHER, List.of(), source, devices, null);
    }

    private static String uuid(Path device) {
        return KernelFiles.text(device.resolve("dm/uuid"));
    }

    private static Path disk(Path device) {
        Path parent = device.getParent();
        return parent != null && Files.exists(device.resolve("partition")) ? parent : device;
    }

    /**
     * The name that a device keeps wherever it is plugged in.
     *
     * @param number the number of a disk or a partition
     * @return empty if the device has no such name
     */
    String permanentName(DeviceNumber number) {
        Path device = KernelFiles.resolve(sys.resolve("dev/block/" + number));
        if (device == null) {
            return "";
        }
        for (String file : PERMANENT_NAME_FILES) {
            String name = KernelFiles.text(disk(device).resolve(file));
            if (!name.isEmpty()) {
                return name + partition(number);
            }
        }
        return "";
    }

    /** Which partition of its disk a device is, in words; empty for a disk. */
    String partition(DeviceNumber number) {
        String partition = KernelFiles.text(sys.resolve("dev/block/" + number + "/partition"));
        return partition.isEmpty() ? "" : " partition " + partition;
    }

    /** The path of the file behind a loop device or a partition of one; empty if it is hidden. */
    String backingFile(DeviceNumber number) {
        Path device = KernelFiles.resolve(sys.resolve("dev/block/" + number));
        return device == null ? "" : KernelFiles.text(disk(device).resolve(BACKING_FILE));
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
