package io.pinbounce.internal.file;

import io.pinbounce.Geometry;
import io.pinbounce.internal.linux.BlockDevice;
import io.pinbounce.internal.linux.BlockQueue;
import io.pinbounce.internal.linux.BlockSizes;
import io.pinbounce.internal.linux.DirectTrial;
import io.pinbounce.internal.linux.FileFacts;
import io.pinbounce.internal.linux.FileStatus;
import io.pinbounce.internal.linux.IntegrityProfile;
import io.pinbounce.internal.linux.Layer;
import io.pinbounce.internal.linux.Mount;
import io.pinbounce.internal.linux.OpenFlags;
import io.pinbounce.internal.linux.Statx;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/** Builds what Linux might report about a file. */
public final class Facts {

    static final int PAGE = 4096;

    private static final int S_IFREG = 0x8000;

    private static final int S_IFBLK = 0x6000;

    private final @Nullable Mount mount;

    private Statx statx = new Statx(Statx.STATX_BASIC_STATS, S_IFREG, 1, 0, PAGE, 0, 0, 0, 0, 0);

    private final List<BlockDevice> devices = new ArrayList<>();

    private @Nullable FileFacts upper;

    private int inodeFlags;

    private int openFlags = OpenFlags.O_DIRECT;

    private DirectTrial.Answer trial = DirectTrial.Answer.UNKNOWN;

    private int trials;

    private Facts(@Nullable Mount mount) {
        this.mount = mount;
    }

    static Facts on(String fileSystem, String... options) {
        return new Facts(new Mount(1, "/mnt", fileSystem, "/dev/x", List.of(options)));
    }

    static Facts onDevice() {
        return new Facts(null);
    }

    /** statx answers; 0 and 0 mean that there is no direct I/O. */
    Facts statx(int memory, int offset) {
        return statx(memory, offset, 0, 0, 0);
    }

    Facts statx(int memory, int offset, int read, int atomicMinimum, int atomicMaximum) {
        int mask = Statx.STATX_BASIC_STATS | Statx.STATX_DIOALIGN;
        statx =
                new Statx(
                        mask,
                        S_IFREG,
                        1,
                        0,
                        PAGE,
                        memory,
                        offset,
                        read,
                        atomicMinimum,
                        atomicMaximum);
        return this;
    }

    Facts device(BlockDevice device) {
        devices.add(device);
        return this;
    }

    /** Where an overlay keeps what is written. */
    Facts upper(Facts folder) {
        upper = folder.build();
        return this;
    }

    Facts noCopyOnWrite() {
        inodeFlags = FileFacts.FS_NOCOW_FL;
        return this;
    }

    Facts openFlags(int flags) {
        openFlags = flags;
        return this;
    }

    /** Where a direct write beside the file goes. */
    Facts trial(DirectTrial.Answer answer) {
        trial = answer;
        return this;
    }

    /** How often that was tried. */
    int trials() {
        return trials;
    }

    FileFacts build() {
        FileStatus status = new FileStatus(0, 0, 1, mount == null ? S_IFBLK : S_IFREG, 0, 0, 0, 0);
        return new FileFacts(status, statx, mount, devices, inodeFlags, openFlags, PAGE, 0, upper);
    }

    Geometry geometry() {
        return GeometryRules.decide(
                build(),
                () -> {
                    trials++;
                    return trial;
                });
    }

    /** A disk under a file system: sysfs knows it, and it is not open. */
    public static BlockDevice disk(String name, int logical, int physical) {
        return new BlockDevice(
                name,
                1 << 30,
                BlockSizes.UNKNOWN,
                queue(logical, physical, false),
                IntegrityProfile.NONE,
                Layer.NONE);
    }

    /** The same, opened itself. */
    static BlockDevice opened(BlockDevice disk) {
        BlockSizes sizes =
                new BlockSizes(disk.queue().logicalBlock(), disk.queue().physicalBlock());
        return new BlockDevice(
                disk.name(), disk.size(), sizes, disk.queue(), disk.integrity(), disk.layer());
    }

    public static BlockDevice guarded(BlockDevice disk, String format) {
        return new BlockDevice(
                disk.name(),
                disk.size(),
                disk.sizes(),
                disk.queue(),
                new IntegrityProfile(format, 512, "sysfs integrity/format"),
                disk.layer());
    }

    public static BlockDevice stable(BlockDevice disk) {
        BlockQueue queue = queue(disk.queue().logicalBlock(), disk.queue().physicalBlock(), true);
        return new BlockDevice(
                disk.name(), disk.size(), disk.sizes(), queue, disk.integrity(), disk.layer());
    }

    /** A device that hands on to others. */
    static BlockDevice over(String name, Layer.Kind kind, String types, BlockDevice... devices) {
        List<String> list = types.isEmpty() ? List.of() : List.of(types.split(" "));
        return over(name, new Layer(kind, list, "someone", List.of(devices), null));
    }

    /** A loop device that goes past the page cache, over a file. */
    static BlockDevice loop(String name, @Nullable FileFacts file) {
        return loop(name, Layer.DIRECT, file);
    }

    /** One that does not. */
    static BlockDevice cached(String name) {
        return loop(name, Layer.CACHED, null);
    }

    private static BlockDevice loop(String name, String type, @Nullable FileFacts file) {
        return over(name, new Layer(Layer.Kind.LOOP, List.of(type), "loop/dio", List.of(), file));
    }

    static BlockDevice over(String name, Layer layer) {
        BlockDevice disk = disk(name, 512, 512);
        return new BlockDevice(
                name, disk.size(), disk.sizes(), disk.queue(), disk.integrity(), layer);
    }

    private static BlockQueue queue(int logical, int physical, boolean stableWrites) {
        return new BlockQueue(
                logical, physical, 512, 1280 << 10, 32768 << 10, stableWrites, "write back");
    }
}
