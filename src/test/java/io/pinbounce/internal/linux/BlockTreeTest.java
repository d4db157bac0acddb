package io.pinbounce.internal.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;

class BlockTreeTest {

    @TempDir private Path folder;

    private FakeKernel kernel;

    private BlockTree tree;

    @BeforeEach
    void disks() {
        kernel = new FakeKernel(folder).disk("vda", "254:0", 2048, 512);
        tree = new BlockTree(kernel.sys(), new DeviceMapper(LibC.system()), _ -> null);
    }

    @Test
    void aDiskIsReadFromSysfs() {
        BlockQueue queue =
                new BlockQueue(512, 4096, 512, 1280 << 10, 2147483647L << 10, false, "write back");
        assertEquals(
                new BlockDevice(
                        "vda",
                        1 << 20,
                        BlockSizes.UNKNOWN,
                        queue,
                        IntegrityProfile.NONE,
                        Layer.NONE),
                tree.byNumber(new DeviceNumber(254, 0)));
    }

    @Test
    void aPartitionHasItsDisksQueueAndProfileButItsOwnSize() {
        String disk = "sys/devices/virtual/block/vda";
        kernel.file(disk + "/integrity/format", "T10-DIF-TYPE1-CRC")
                .file(disk + "/integrity/protection_interval_bytes", "512")
                .file(disk + "/vda1/partition", "1")
                .file(disk + "/vda1/size", "8")
                .link("sys/dev/block/254:1", disk + "/vda1");
        BlockDevice partition = tree.byNumber(new DeviceNumber(254, 1));
        assertNotNull(partition);
        assertEquals("vda1", partition.name());
        assertEquals(4096, partition.size());
        assertEquals(512, partition.queue().logicalBlock());
        assertEquals(
                new IntegrityProfile("T10-DIF-TYPE1-CRC", 512, "sysfs integrity/format"),
                partition.integrity());
    }

    @Test
    void missingFilesLeaveTheirValuesUnknown() {
        kernel.file("sys/devices/x/sdq/size", "nonsense")
                .link("sys/dev/block/8:0", "sys/devices/x/sdq");
        BlockDevice bare = tree.byNumber(new DeviceNumber(8, 0));
        assertEquals(
                new BlockDevice(
                        "sdq",
                        0,
                        BlockSizes.UNKNOWN,
                        BlockQueue.UNKNOWN,
                        IntegrityProfile.NONE,
                        Layer.NONE),
                bare);
        assertNull(tree.byNumber(new DeviceNumber(8, 1)));
    }

    @Test
    void aDeviceIsFoundByTheSourceOfItsMount() {
        assertEquals(List.of("vda"), names("/dev/vda"));
        assertEquals(List.of(), names("/dev/vdz"));
        assertEquals(List.of(), names("vda"), "tmpfs may be mounted from a source of any name");
    }

    @Test
    void linksOfTheDeviceMapperAreFollowed() {
        kernel.disk("dm-3", "253:3", 8, 4096)
                .file("dev/dm-3", "")
                .link("dev/mapper/home", "dev/dm-3");
        assertEquals(List.of("dm-3"), names(folder.resolve("dev/mapper/home").toString()));
    }

    @Test
    void allDevicesOfABtrfsAreFound() {
        kernel.disk("loop7", "7:7", 2048, 4096)
                .link("sys/fs/btrfs/1234/devices/loop7", "sys/class/block/loop7")
                .link("sys/fs/btrfs/1234/devices/vda", "sys/class/block/vda")
                .file("sys/fs/btrfs/features/acl", "0");
        assertEquals(List.of("loop7", "vda"), names("/dev/vda"));
    }

    private List<String> names(String source) {
        return tree.bySource(source).stream().map(BlockDevice::name).toList();
    }
}
