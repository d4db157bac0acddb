package io.pinbounce.internal.file;

import static io.pinbounce.internal.file.Facts.disk;
import static io.pinbounce.internal.file.Facts.guarded;
import static io.pinbounce.internal.file.Facts.opened;
import static io.pinbounce.internal.file.Facts.stable;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.pinbounce.DirectIoStatus;
import io.pinbounce.Geometry;
import io.pinbounce.StablePages;
import io.pinbounce.internal.linux.BlockDevice;
import io.pinbounce.internal.linux.BlockQueue;
import io.pinbounce.internal.linux.BlockSizes;
import io.pinbounce.internal.linux.DirectTrial;
import io.pinbounce.internal.linux.FileFacts;
import io.pinbounce.internal.linux.IntegrityProfile;
import io.pinbounce.internal.linux.Layer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;
import java.util.stream.Stream;

class GeometryTest {

    /** Memory, read, write alignment, logical and physical block. */
    private static List<Integer> numbers(int... values) {
        return java.util.Arrays.stream(values).boxed().toList();
    }

    static Stream<Arguments> alignments() {
        return Stream.of(
                arguments(
                        "ext4 on 512-byte sectors",
                        Facts.on("ext4").statx(4, 512).device(disk("vda", 512, 4096)),
                        numbers(4, 512, 512, 512, 4096),
                        "statx stx_dio_mem_align",
                        "statx stx_dio_offset_align"),
                arguments(
                        "xfs on 4096-byte sectors",
                        Facts.on("xfs")
                                .statx(512, 4096, 4096, 4096, 1 << 20)
                                .device(disk("loop1", 4096, 4096)),
                        numbers(512, 4096, 4096, 4096, 4096),
                        "statx stx_dio_mem_align",
                        "statx stx_dio_offset_align"),
                arguments(
                        "xfs that reads in smaller units than it writes",
                        Facts.on("xfs").statx(4, 16384, 512, 0, 0).device(disk("vda", 512, 512)),
                        numbers(4, 512, 16384, 512, 512),
                        "statx stx_dio_mem_align",
                        "statx stx_dio_offset_align"),
                arguments(
                        "btrfs reports nothing: its own block",
                        Facts.on("btrfs").device(disk("loop2", 512, 512)),
                        numbers(4096, 4096, 4096, 512, 512),
                        "statx stx_blksize",
                        "statx stx_blksize"),
                arguments(
                        "tmpfs has no device: the page",
                        Facts.on("tmpfs"),
                        numbers(4096, 4096, 4096, 4096, 4096),
                        "page size (last resort)",
                        "page size (last resort)"),
                arguments(
                        "overlay passes on what is beneath, but not the device",
                        Facts.on("overlay").statx(512, 1024),
                        numbers(512, 1024, 1024, 1024, 1024),
                        "statx stx_dio_mem_align",
                        "statx stx_dio_offset_align"),
                arguments(
                        "loop device",
                        Facts.onDevice().statx(512, 512).device(opened(disk("loop3", 512, 4096))),
                        numbers(512, 512, 512, 512, 4096),
                        "statx stx_dio_mem_align",
                        "statx stx_dio_offset_align"),
                arguments(
                        "block device on an old kernel",
                        Facts.onDevice().device(opened(disk("sda", 4096, 4096))),
                        numbers(4096, 4096, 4096, 4096, 4096),
                        "ioctl BLKSSZGET",
                        "ioctl BLKSSZGET"),
                arguments(
                        "ext4 on an old kernel",
                        Facts.on("ext4").device(disk("sda", 1024, 4096)),
                        numbers(1024, 1024, 1024, 1024, 4096),
                        "sysfs queue/logical_block_size",
                        "sysfs queue/logical_block_size"),
                arguments(
                        "old kernel, device with coarse dma alignment",
                        Facts.on("ext4").device(disk("sda", 256, 256)),
                        numbers(512, 256, 256, 256, 256),
                        "sysfs queue/dma_alignment",
                        "sysfs queue/logical_block_size"),
                arguments(
                        "btrfs on two devices: the coarser one",
                        Facts.on("btrfs")
                                .device(disk("sda", 512, 512))
                                .device(disk("sdb", 4096, 8192)),
                        numbers(4096, 4096, 4096, 4096, 8192),
                        "statx stx_blksize",
                        "statx stx_blksize"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("alignments")
    void takesTheFirstSourceThatAnswers(
            String name,
            Facts facts,
            List<Integer> expected,
            String memorySource,
            String writeSource) {
        Geometry geometry = facts.geometry();
        assertAll(
                name,
                () ->
                        assertEquals(
                                expected,
                                numbers(
                                        geometry.memoryAlignment(),
                                        geometry.readAlignment(),
                                        geometry.writeAlignment(),
                                        geometry.logicalBlock(),
                                        geometry.physicalBlock())),
                () -> assertEquals(memorySource, geometry.sources().get("memoryAlignment")),
                () -> assertEquals(writeSource, geometry.sources().get("writeAlignment")));
    }

    static Stream<Arguments> verdicts() {
        return Stream.of(
                arguments(
                        "ext4",
                        Facts.on("ext4").statx(4, 512).device(disk("vda", 512, 512)),
                        DirectIoStatus.DIRECT,
                        "neither device nor file system needs it"),
                arguments(
                        "btrfs",
                        Facts.on("btrfs").device(disk("loop2", 512, 512)),
                        DirectIoStatus.BUFFERED_WRITES,
                        "! btrfs keeps checksums of this file"),
                arguments(
                        "btrfs that copies a trial",
                        Facts.on("btrfs")
                                .trial(DirectTrial.Answer.COPIED)
                                .device(disk("loop2", 512, 512)),
                        DirectIoStatus.BUFFERED_WRITES,
                        "! btrfs keeps checksums of this file"),
                arguments(
                        "btrfs that writes a trial past the cache (Linux 7.3)",
                        Facts.on("btrfs")
                                .trial(DirectTrial.Answer.DIRECT)
                                .device(disk("loop2", 512, 512)),
                        DirectIoStatus.DIRECT,
                        "! btrfs keeps checksums of this file"),
                arguments(
                        "btrfs that reports an alignment",
                        Facts.on("btrfs").statx(512, 4096).device(disk("loop2", 512, 512)),
                        DirectIoStatus.DIRECT,
                        "! btrfs keeps checksums of this file"),
                arguments(
                        "btrfs that reports that there is none",
                        Facts.on("btrfs")
                                .trial(DirectTrial.Answer.DIRECT)
                                .statx(0, 0)
                                .device(disk("loop2", 512, 512)),
                        DirectIoStatus.BUFFERED,
                        "the page cache takes a copy of what is written"),
                arguments(
                        "btrfs mounted without checksums",
                        Facts.on("btrfs", "rw", "nodatasum").device(disk("loop2", 512, 512)),
                        DirectIoStatus.DIRECT,
                        "neither device nor file system needs it"),
                arguments(
                        "btrfs file without copy on write",
                        Facts.on("btrfs", "nodatacow")
                                .noCopyOnWrite()
                                .device(disk("loop2", 512, 512)),
                        DirectIoStatus.DIRECT,
                        "neither device nor file system needs it"),
                arguments(
                        "btrfs file older than the option",
                        Facts.on("btrfs", "nodatacow").device(disk("loop2", 512, 512)),
                        DirectIoStatus.BUFFERED_WRITES,
                        "! btrfs keeps checksums of this file"),
                arguments(
                        "tmpfs",
                        Facts.on("tmpfs"),
                        DirectIoStatus.BUFFERED,
                        "the page cache takes a copy of what is written"),
                arguments(
                        "a file that statx knows to be buffered",
                        Facts.on("ext4", "data=journal")
                                .statx(0, 0)
                                .device(stable(disk("vda", 512, 512))),
                        DirectIoStatus.BUFFERED,
                        "the page cache takes a copy of what is written"),
                arguments(
                        "a file system that refused O_DIRECT",
                        Facts.on("squashfs").openFlags(0).device(disk("loop4", 512, 512)),
                        DirectIoStatus.BUFFERED,
                        "the page cache takes a copy of what is written"),
                arguments(
                        "flags that are unknown",
                        Facts.on("xfs").openFlags(-1).statx(4, 512).device(disk("vda", 512, 512)),
                        DirectIoStatus.DIRECT,
                        "neither device nor file system needs it"),
                arguments(
                        "overlay",
                        Facts.on("overlay").statx(512, 512),
                        DirectIoStatus.DIRECT,
                        "! the device beneath overlay is out of sight"),
                arguments(
                        "overlay on btrfs that copies",
                        Facts.on("overlay").upper(Facts.on("btrfs").device(disk("vda", 512, 512))),
                        DirectIoStatus.BUFFERED_WRITES,
                        "! btrfs keeps checksums of this file"),
                arguments(
                        "zram",
                        Facts.onDevice().statx(512, 4096).device(stable(disk("zram1", 4096, 4096))),
                        DirectIoStatus.DIRECT,
                        "! zram1 asks for it, sysfs queue/stable_writes=1"),
                arguments(
                        "protection information with stable_writes=0 (Linux 6.12)",
                        Facts.on("xfs")
                                .statx(4, 512)
                                .device(guarded(disk("nvme0n1", 512, 512), "T10-DIF-TYPE1-CRC")),
                        DirectIoStatus.DIRECT,
                        "! nvme0n1 guards its blocks, sysfs integrity/format=T10-DIF-TYPE1-CRC"),
                arguments(
                        "metadata without checksums",
                        Facts.onDevice()
                                .statx(4, 512)
                                .device(guarded(disk("nvme0n1", 512, 512), "nop")),
                        DirectIoStatus.DIRECT,
                        "neither device nor file system needs it"),
                arguments(
                        "the second of two devices decides",
                        Facts.on("btrfs", "nodatasum")
                                .device(disk("sda", 512, 512))
                                .device(stable(disk("sdb", 512, 512))),
                        DirectIoStatus.DIRECT,
                        "! sdb asks for it, sysfs queue/stable_writes=1"));
    }

    /** A mark of exclamation before the reason stands for pages that must hold still. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("verdicts")
    void knowsWhoIsDirectAndWhoNeedsStablePages(
            String name, Facts facts, DirectIoStatus status, String stable) {
        Geometry geometry = facts.geometry();
        StablePages pages = geometry.stablePages();
        assertAll(
                name,
                () -> assertEquals(status, geometry.directIo(), geometry.directIoReason()),
                () -> assertEquals(stable, (pages.needed() ? "! " : "") + pages.reason()));
    }

    /** A trial writes, so it is made only where nothing else tells. */
    @Test
    void aTrialIsMadeOnlyForFilesWithChecksumsOfWhichStatxIsSilent() {
        for (Facts told :
                List.of(
                        Facts.on("ext4"),
                        Facts.on("overlay"),
                        Facts.on("btrfs").statx(512, 4096),
                        Facts.on("btrfs").statx(0, 0),
                        Facts.on("btrfs").openFlags(0),
                        Facts.on("btrfs").noCopyOnWrite(),
                        Facts.on("btrfs", "nodatasum"))) {
            Geometry geometry = told.geometry();
            assertEquals(0, told.trials(), geometry::toString);
        }
        Facts silent = Facts.on("btrfs");
        Geometry geometry = silent.geometry();
        assertEquals(1, silent.trials(), geometry::toString);
    }

    /** The device of a file is a loop device whose own alignment the kernel took from its file. */
    @Test
    void aLoopDeviceHasTheAlignmentOfTheFileBehindIt() {
        Geometry told =
                Facts.onDevice()
                        .statx(4096, 4096)
                        .device(opened(disk("loop3", 4096, 4096)))
                        .geometry();
        assertEquals(4096, told.memoryAlignment());
        assertEquals(4096, told.writeAlignment());
        BlockQueue queue = new BlockQueue(512, 4096, 4096, 1280 << 10, 1280 << 10, false, "");
        BlockDevice coarse =
                new BlockDevice(
                        "loop3",
                        1 << 30,
                        new BlockSizes(512, 4096),
                        queue,
                        IntegrityProfile.NONE,
                        Layer.NONE);
        Geometry silent = Facts.onDevice().device(coarse).geometry();
        assertEquals(4096, silent.memoryAlignment());
        assertEquals(512, silent.writeAlignment());
        assertEquals("sysfs queue/dma_alignment", silent.sources().get("memoryAlignment"));
    }

    @Test
    void transfersAreWholeBlocksWithinTheKernelsLimit() {
        Geometry geometry =
                Facts.on("xfs").statx(512, 65536).device(disk("vda", 4096, 4096)).geometry();
        assertEquals(0x7fff0000L, geometry.largestTransfer());
        assertEquals(1280 << 10, geometry.preferredTransfer());
        assertEquals("sysfs queue/max_sectors_kb", geometry.sources().get("preferredTransfer"));
        Geometry unknown = Facts.on("overlay").statx(512, 512).geometry();
        assertEquals(0x7ffff000L, unknown.largestTransfer());
        assertEquals(1 << 20, unknown.preferredTransfer());
    }

    @Test
    void passesAtomicWritesOn() {
        Geometry geometry =
                Facts.on("xfs")
                        .statx(512, 4096, 4096, 4096, 1 << 20)
                        .device(disk("vda", 4096, 4096))
                        .geometry();
        assertEquals(4096, geometry.atomicWriteMinimum());
        assertEquals(1 << 20, geometry.atomicWriteMaximum());
        assertEquals(
                "statx stx_atomic_write_unit_max", geometry.sources().get("atomicWriteMaximum"));
    }

    @Test
    void sourcesNameEveryNumberInTheRecordsOrder() {
        Geometry geometry =
                GeometryRules.decide(
                        FileFacts.simulated(7, 1 << 20, 512, 4096),
                        () -> DirectTrial.Answer.UNKNOWN);
        List<String> numbers =
                Stream.of(Geometry.class.getRecordComponents())
                        .filter(component -> component.getType().isPrimitive())
                        .map(java.lang.reflect.RecordComponent::getName)
                        .toList();
        assertEquals(numbers, List.copyOf(geometry.sources().keySet()));
        assertThrows(UnsupportedOperationException.class, () -> geometry.sources().clear());
        assertEquals(DirectIoStatus.DIRECT, geometry.directIo());
        assertEquals(4096, geometry.writeAlignment());
    }

    @Test
    void namesFileSystemAndDevices() {
        Geometry geometry =
                Facts.on("btrfs")
                        .device(disk("sda", 512, 512))
                        .device(disk("sdb", 512, 512))
                        .geometry();
        assertEquals("btrfs", geometry.fileSystem());
        assertEquals("sda, sdb", geometry.device());
        Geometry raw = Facts.onDevice().device(opened(disk("sda1", 512, 512))).geometry();
        assertEquals("block device", raw.fileSystem());
        assertTrue(raw.sources().containsValue("ioctl BLKPBSZGET"));
    }
}
