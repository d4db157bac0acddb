package io.pinbounce.internal.file;

import static io.pinbounce.internal.file.Facts.cached;
import static io.pinbounce.internal.file.Facts.disk;
import static io.pinbounce.internal.file.Facts.guarded;
import static io.pinbounce.internal.file.Facts.loop;
import static io.pinbounce.internal.file.Facts.over;
import static io.pinbounce.internal.file.Facts.stable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.pinbounce.StablePages;
import io.pinbounce.internal.linux.BlockDevice;
import io.pinbounce.internal.linux.Layer;
import io.pinbounce.internal.linux.Layer.Kind;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;
import java.util.stream.Stream;

/** Which layer of a stack of devices needs stable pages. */
class StackRulesTest {

    private static final BlockDevice PLAIN = disk("sda", 512, 512);

    private static final BlockDevice GUARDED = guarded(disk("nvme0n1", 512, 512), "T10-DIF-TYPE1");

    private static final String GUARDS =
            "nvme0n1 guards its blocks, sysfs integrity/format=T10-DIF-TYPE1";

    private static Facts ext4(BlockDevice device) {
        return Facts.on("ext4").statx(4, 512).device(device);
    }

    private static Facts raw(BlockDevice device) {
        return Facts.onDevice().statx(4, 512).device(device);
    }

    static Stream<Arguments> needy() {
        return Stream.of(
                arguments(raw(loop("loop0", raw(GUARDED).build())), "beneath loop0: " + GUARDS),
                arguments(ext4(loop("loop0", ext4(GUARDED).build())), "beneath loop0: " + GUARDS),
                arguments(
                        raw(loop("loop1", raw(loop("loop0", ext4(GUARDED).build())).build())),
                        "beneath loop1, loop0: " + GUARDS),
                arguments(
                        raw(loop("loop0", Facts.on("btrfs").device(PLAIN).build())),
                        "beneath loop0: btrfs keeps checksums of this file"),
                arguments(
                        raw(loop("loop0", null)),
                        "the file beneath loop0 is not to be found, loop/dio"),
                arguments(
                        raw(loop("loop0", Facts.on("nfs4").build())),
                        "beneath loop0: the device beneath nfs4 is out of sight"),
                arguments(
                        ext4(over("dm-0", Kind.DM, "linear", PLAIN, GUARDED)),
                        "beneath dm-0: " + GUARDS),
                arguments(
                        ext4(over("md0", Kind.MD, "raid0", PLAIN, stable(disk("sdb", 512, 512)))),
                        "beneath md0: sdb asks for it, sysfs queue/stable_writes=1"),
                arguments(
                        ext4(over("dm-0", Kind.DM, "", PLAIN)),
                        "dm-0 has a target that cannot be asked, someone"),
                arguments(
                        ext4(over("dm-0", Kind.DM, "linear integrity", PLAIN)),
                        "dm-0 is linear, integrity, someone: it keeps checksums"),
                arguments(
                        ext4(over("dm-1", Kind.DM, "crypt linear", GUARDED)),
                        "beneath dm-1: " + GUARDS),
                arguments(
                        ext4(over("bcache0", Kind.OTHER, "", PLAIN)),
                        "bcache0 is made of sda in a way that is not known, someone"),
                arguments(
                        raw(over("8:2", new Layer(Kind.HIDDEN, List.of(), "why", List.of(), null))),
                        "8:2 cannot be asked: why"),
                arguments(Facts.on("overlay").statx(4, 512).upper(ext4(GUARDED)), GUARDS),
                arguments(Facts.on("fuse"), "the device beneath fuse is out of sight"));
    }

    @ParameterizedTest
    @MethodSource("needy")
    void whatNeedsThemIsFoundThroughAllThatIsAbove(Facts facts, String reason) {
        StablePages pages = facts.geometry().stablePages();
        assertEquals(reason, pages.needed() ? pages.reason() : "nothing: " + pages.reason());
    }

    static Stream<Arguments> calm() {
        return Stream.of(
                arguments(raw(loop("loop0", ext4(PLAIN).build()))),
                arguments(raw(cached("loop0"))),
                arguments(raw(loop("loop0", raw(cached("loop1")).build()))),
                arguments(ext4(over("dm-0", Kind.DM, "linear striped", PLAIN))),
                arguments(
                        ext4(
                                over(
                                        "dm-1",
                                        Kind.DM,
                                        "thin",
                                        over("dm-0", Kind.DM, "thin-pool", PLAIN)))),
                arguments(ext4(over("dm-0", Kind.DM, "crypt", GUARDED))),
                arguments(ext4(over("md0", Kind.MD, "raid5", GUARDED))),
                arguments(Facts.on("overlay").statx(4, 512).upper(ext4(PLAIN))));
    }

    @ParameterizedTest
    @MethodSource("calm")
    void copiesOnTheWayEndTheSearchAndPlainDisksNeedNothing(Facts facts) {
        StablePages pages = facts.geometry().stablePages();
        assertEquals("nothing", pages.needed() ? pages.reason() : "nothing");
    }

    @ParameterizedTest
    @CsvSource({
        "MD, linear, false",
        "MD, raid0, false",
        "MD, raid1, true",
        "MD, raid10, true",
        "MD, raid4, false",
        "MD, raid6, false",
        "MD, container, true",
        "DM, raid1, true",
        "DM, raid5_ls, false",
        "DM, mirror, true",
        "DM, cache, true",
        "DM, multipath, false",
        "DM, snapshot, false",
        "DM, verity, false",
        "DM, vdo, false",
        "DM, what-comes-next, true"
    })
    void mirrorsAndWhatIsNotKnownNeedThem(Kind kind, String type, boolean needed) {
        StablePages pages = ext4(over("x0", kind, type, PLAIN)).geometry().stablePages();
        assertEquals(needed, pages.needed(), pages.reason());
    }

    /** RAID 5 copies unless it was told not to: then it asks for itself. */
    @Test
    void raid5ThatSkipsItsCopyAsksForThem() {
        BlockDevice raid = stable(over("md0", Kind.MD, "raid5", PLAIN));
        assertEquals(
                "md0 asks for it, sysfs queue/stable_writes=1",
                ext4(raid).geometry().stablePages().reason());
    }

    /** A copy on the way needs no stable pages, but writes in flight together still meet below. */
    @Test
    void protectionInformationIsSeenThroughCopiesToo() {
        StablePages pages = ext4(over("dm-0", Kind.DM, "crypt", GUARDED)).geometry().stablePages();
        assertTrue(pages.guarded(), pages::toString);
        assertTrue(raw(loop("loop0", raw(GUARDED).build())).geometry().stablePages().guarded());
        assertTrue(
                ext4(over("md0", Kind.MD, "raid1", PLAIN, GUARDED))
                        .geometry()
                        .stablePages()
                        .guarded());
        assertFalse(ext4(stable(PLAIN)).geometry().stablePages().guarded());
        assertFalse(raw(cached("loop0")).geometry().stablePages().guarded());
    }

    @Test
    void eachLayerSaysWhatItIs() {
        BlockDevice volume = over("dm-0", Kind.DM, "linear", PLAIN, GUARDED);
        assertEquals(
                List.of(
                        "ext4: keeps no checksums of this file",
                        "loop0: hands on to a file, loop/dio",
                        "xfs: keeps no checksums of this file",
                        "dm-0 is linear, someone: hands on to sda, nvme0n1",
                        "sda: no integrity profile, queue/stable_writes=0",
                        GUARDS),
                ext4(loop("loop0", Facts.on("xfs").statx(4, 512).device(volume).build()))
                        .geometry()
                        .stablePages()
                        .layers());
    }

    @Test
    void aDeviceThatManyShareIsJudgedOnce() {
        BlockDevice below = PLAIN;
        for (int i = 0; i < 64; i++) {
            below = over("dm-" + i, Kind.DM, "linear", below, below);
        }
        assertEquals(66, ext4(below).geometry().stablePages().layers().size());
    }
}
