package io.pinbounce.internal.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

class FactFinderTest {

    private static final int FD = 5;

    private static final int BENEATH = 8;

    private static final int S_IFREG = 0x8000;

    private static final int S_IFBLK = 0x6000;

    private static final long VDA = 254 << 8;

    private static final long ANONYMOUS = 41;

    @TempDir private Path folder;

    private FakeKernel kernel;

    /** What the kernel writes for each ioctl request that it knows. */
    private final Map<Long, Consumer<MemorySegment>> ioctls = new HashMap<>();

    private long fileSystemId;

    /** The mount's unique number; 0 for a kernel that reports none. */
    private long mountNumber;

    private long now;

    private final RecentMounts recent = new RecentMounts(() -> now);

    /** Descriptors of files beneath others, by path. */
    private final Map<String, Integer> paths = new HashMap<>();

    private final Map<Integer, FileStatus> others = new HashMap<>();

    private final List<Integer> open = new ArrayList<>();

    private FileStatus status = new FileStatus(0, VDA, 7, S_IFREG, 100, 0, 0, 0);

    @BeforeEach
    void mountADisk() {
        kernel =
                new FakeKernel(folder)
                        .disk("vda", "254:0", 2048, 512)
                        .descriptor(FD, "040000", 3)
                        .file(
                                "proc/self/mountinfo",
                                "3 1 254:0 / / rw - ext4 /dev/vda rw\n"
                                        + "4 1 0:40 / /mnt rw - btrfs /dev/vda rw");
    }

    @Test
    void aFileIsReportedWithItsMountAndItsDisk() {
        ioctls.put(BlockIoctl.FS_IOC_GETFLAGS, answer -> setInt(answer, 0x80000));
        FileFacts facts = find();
        assertEquals(status, facts.status());
        assertEquals(new Mount(3, "/", "ext4", "/dev/vda", List.of("rw")), facts.mount());
        assertEquals(List.of("vda"), facts.devices().stream().map(BlockDevice::name).toList());
        assertEquals(BlockSizes.UNKNOWN, facts.devices().getFirst().sizes());
        assertEquals(0x80000, facts.inodeFlags());
        assertEquals(040000, facts.openFlags());
        assertEquals(16384, facts.pageSize());
    }

    @Test
    void anAnonymousDeviceIsFoundThroughTheMountsSource() {
        status = new FileStatus(0, ANONYMOUS, 7, S_IFREG, 100, 0, 0, 0);
        kernel.descriptor(FD, "040000", 4);
        assertEquals(List.of("vda"), find().devices().stream().map(BlockDevice::name).toList());
        kernel.descriptor(FD, "040000", 99);
        assertEquals(List.of(), find().devices(), "a mount out of sight");
    }

    @Test
    void anOpenDevicesOwnAnswersAreUsed() {
        status = new FileStatus(0, 6, 7, S_IFBLK, 0, VDA, 0, 0);
        ioctls.put(BlockIoctl.BLKSSZGET, answer -> setInt(answer, 4096));
        ioctls.put(BlockIoctl.BLKPBSZGET, answer -> setInt(answer, 16384));
        ioctls.put(
                BlockIoctl.BLKGETSIZE64, answer -> answer.set(ValueLayout.JAVA_LONG, 0, 1L << 40));
        FileFacts facts = find();
        BlockDevice device = facts.devices().getFirst();
        assertEquals("vda", device.name());
        assertEquals(1L << 40, device.size());
        assertEquals(new BlockSizes(4096, 16384), device.sizes());
        assertEquals(IntegrityProfile.NONE, device.integrity());
        assertNull(facts.mount(), "where the device's node lies does not matter");
        assertEquals(0, facts.inodeFlags());
    }

    @Test
    void theIoctlReportsProtectionWhereSysfsDoesNot() {
        status = new FileStatus(0, 6, 7, S_IFBLK, 0, VDA, 0, 0);
        ioctls.put(
                BlockIoctl.FS_IOC_GETLBMD_CAP,
                answer -> {
                    answer.set(ValueLayout.JAVA_INT, BlockIoctl.LBMD_FLAGS, 3);
                    answer.set(ValueLayout.JAVA_SHORT, BlockIoctl.LBMD_INTERVAL, (short) 4096);
                    answer.set(ValueLayout.JAVA_BYTE, BlockIoctl.LBMD_GUARD_TAG_TYPE, (byte) 4);
                });
        assertEquals(
                new IntegrityProfile("CRC-64 NVMe", 4096, "ioctl FS_IOC_GETLBMD_CAP"),
                find().devices().getFirst().integrity());
        kernel.file("sys/devices/virtual/block/vda/integrity/format", "EXT-DIF-TYPE1-CRC64");
        assertEquals("EXT-DIF-TYPE1-CRC64", find().devices().getFirst().integrity().format());
    }

    @Test
    void aDeviceThatSysfsHidesKeepsItsNumber() {
        status = new FileStatus(0, 6, 7, S_IFBLK, 0, 8 << 8 | 2, 0, 0);
        assertEquals("8:2", find().devices().getFirst().name());
        assertEquals(BlockQueue.UNKNOWN, find().devices().getFirst().queue());
    }

    @Test
    void aFilesVolumeComesFromItsFileSystemWhateverItsDevice() {
        ioctls.put(
                BlockIoctl.FS_IOC_GETFSUUID,
                answer -> answer.fill((byte) 7).set(ValueLayout.JAVA_BYTE, 0, (byte) 16));
        long volume = find().volume();
        status = new FileStatus(0, 8 << 8 | 2, 7, S_IFREG, 100, 0, 0, 0);
        assertEquals(volume, find().volume());
        ioctls.put(BlockIoctl.FS_IOC_GETVERSION, answer -> setInt(answer, 9));
        assertNotEquals(volume, find().volume(), "another file of the same inode number");
    }

    @Test
    void withoutAPermanentNameTheVolumeIsTheDevicesNumber() {
        assertEquals(VDA, find().volume());
        fileSystemId = 99;
        assertEquals(99, find().volume());
        status = new FileStatus(0, 6, 7, S_IFBLK, 0, VDA, 0, 0);
        assertEquals(VDA, find().volume());
    }

    @Test
    void aDevicesVolumeComesFromItsSerialNumber() {
        status = new FileStatus(0, 6, 7, S_IFBLK, 0, VDA, 0, 0);
        kernel.file("sys/devices/virtual/block/vda/serial", "S123");
        long volume = find().volume();
        assertNotEquals(VDA, volume);
        kernel.file("sys/devices/virtual/block/vda/serial", "S124");
        assertNotEquals(volume, find().volume());
    }

    @Test
    void whatLiesBeneathAMountIsKeptForASecond() {
        mountNumber = 1L << 31;
        assertFalse(needsStablePages());
        kernel.file("sys/devices/virtual/block/vda/queue/stable_writes", "1");
        now += 999_999_999;
        assertFalse(needsStablePages(), "as found a moment ago");
        now++;
        assertTrue(needsStablePages());
    }

    @Test
    void anotherMountOfTheSameDeviceIsLookedAtAnew() {
        mountNumber = 1L << 31;
        assertFalse(needsStablePages());
        kernel.file("sys/devices/virtual/block/vda/queue/stable_writes", "1");
        mountNumber++;
        assertTrue(needsStablePages());
    }

    @Test
    void whereMountsHaveNoUniqueNumberNothingIsKept() {
        assertFalse(needsStablePages());
        kernel.file("sys/devices/virtual/block/vda/queue/stable_writes", "1");
        assertTrue(needsStablePages());
    }

    private boolean needsStablePages() {
        return find().devices().getFirst().queue().stableWrites();
    }

    @Test
    void theFileBeneathALoopDeviceIsReportedWithDirectIo() {
        status = new FileStatus(0, 6, 7, S_IFBLK, 0, 7 << 8, 0, 0);
        paths.put("/img", BENEATH);
        others.put(BENEATH, new FileStatus(0, ANONYMOUS, 8, S_IFREG, 100, 0, 0, 0));
        kernel.disk("loop0", "7:0", 2048, 512)
                .file("sys/devices/virtual/block/loop0/loop/backing_file", "/img")
                .file("sys/devices/virtual/block/loop0/loop/dio", "1")
                .descriptor(BENEATH, "010000000", 4);
        FileFacts file = find().devices().getFirst().layer().file();
        assertNotNull(file);
        assertEquals(8, file.status().inode());
        assertEquals("btrfs", Objects.requireNonNull(file.mount()).fileSystem());
        assertEquals(OpenFlags.O_DIRECT, file.openFlags());
        assertEquals(List.of("vda"), file.devices().stream().map(BlockDevice::name).toList());
        paths.clear();
        assertNull(find().devices().getFirst().layer().file());
        assertEquals(List.of(), open, "descriptors that were left open");
    }

    /** In a container, the path of the upper folder may lead back into the overlay. */
    @Test
    void anOverlayIsFollowedToItsUpperFolderAndALoopOfOverlaysEnds() {
        status = new FileStatus(0, ANONYMOUS, 7, S_IFREG, 100, 0, 0, 0);
        kernel.file(
                        "proc/self/mountinfo",
                        "3 1 254:0 / / rw - ext4 /dev/vda rw\n"
                                + "5 1 0:41 / /m rw - overlay over rw,lowerdir=/l,upperdir=/up")
                .descriptor(FD, "040000", 5)
                .descriptor(BENEATH, "010000000", 3);
        paths.put("/up", BENEATH);
        others.put(BENEATH, new FileStatus(0, VDA, 8, 0x4000, 100, 0, 0, 0));
        FileFacts upper = find().upper();
        assertNotNull(upper);
        assertEquals(List.of("vda"), upper.devices().stream().map(BlockDevice::name).toList());
        kernel.descriptor(BENEATH, "010000000", 5);
        int views = 0;
        for (FileFacts at = find(); at != null; at = at.upper()) {
            views++;
        }
        assertEquals(17, views);
        assertEquals(List.of(), open, "descriptors that were left open");
    }

    private FileFacts find() {
        return new FactFinder(libc(), kernel.sys(), kernel.proc(), recent).find(FD);
    }

    private LibC libc() {
        return fake(
                LibC.class,
                (method, arguments) ->
                        switch (method) {
                            case "ioctl" ->
                                    ioctl((Long) arguments[1], (MemorySegment) arguments[2]);
                            case "statx" ->
                                    statx(
                                            others.getOrDefault((Integer) arguments[0], status),
                                            (Integer) arguments[3],
                                            (MemorySegment) arguments[4]);
                            case "open" -> open((String) arguments[0], (Integer) arguments[1]);
                            case "close" -> open.remove(arguments[0]) ? 0 : -9; // EBADF
                            case "fileSystemId" -> fileSystemId;
                            case "pageSize" -> 16384;
                            default -> throw new AssertionError("unexpected call of " + method);
                        });
    }

    private long ioctl(long request, MemorySegment answer) {
        Consumer<MemorySegment> known = ioctls.get(request);
        if (known == null) {
            return -25; // ENOTTY
        }
        known.accept(answer);
        return 0;
    }

    /** Regular files are found by their paths, and opened once more through those descriptors. */
    private int open(String path, int flags) {
        Integer fd = paths.get(path);
        if (fd == null) {
            return -Errno.ENOENT;
        }
        assertEquals(OpenFlags.O_PATH, flags);
        open.add(fd);
        return fd;
    }

    /** Answers as a kernel that does not report direct I/O. */
    private long statx(FileStatus status, int mask, MemorySegment answer) {
        if ((mask & Statx.STATX_DIOALIGN) != 0) {
            return -Errno.ENOSYS;
        }
        DeviceNumber device = DeviceNumber.of(status.device());
        DeviceNumber special = DeviceNumber.of(status.specialDevice());
        boolean asksForMount = mask == Statx.STATX_MNT_ID_UNIQUE && mountNumber != 0;
        answer.set(ValueLayout.JAVA_INT, Statx.MASK, asksForMount ? mask : 0);
        answer.set(ValueLayout.JAVA_LONG, Statx.MNT_ID, mountNumber);
        answer.set(ValueLayout.JAVA_INT, Statx.DEV_MAJOR, device.major());
        answer.set(ValueLayout.JAVA_INT, Statx.DEV_MINOR, device.minor());
        answer.set(ValueLayout.JAVA_INT, Statx.RDEV_MAJOR, special.major());
        answer.set(ValueLayout.JAVA_INT, Statx.RDEV_MINOR, special.minor());
        answer.set(ValueLayout.JAVA_LONG, Statx.INO, status.inode());
        answer.set(ValueLayout.JAVA_SHORT, Statx.MODE, (short) status.mode());
        answer.set(ValueLayout.JAVA_LONG, Statx.SIZE_FIELD, status.size());
        return 0;
    }

    private interface Answer {
        Object to(String method, Object[] arguments);
    }

    private static <T> T fake(Class<T> type, Answer answer) {
        return type.cast(
                Proxy.newProxyInstance(
                        type.getClassLoader(),
                        new Class<?>[] {type},
                        (proxy, method, arguments) -> answer.to(method.getName(), arguments)));
    }

    private static void setInt(MemorySegment answer, int value) {
        answer.set(ValueLayout.JAVA_INT, 0, value);
    }
}
