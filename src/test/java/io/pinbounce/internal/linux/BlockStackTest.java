package io.pinbounce.internal.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.lang.foreign.MemorySegment;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Block devices on top of others, as sysfs and the control node of the device mapper report them.
 */
class BlockStackTest {

    private static final int CONTROL = 9;

    private static final String HOME = "sys/devices/virtual/block/";

    private static final String VOLUME = "LVM-" + "v".repeat(32) + "l".repeat(32);

    @TempDir private Path folder;

    private FakeKernel kernel;

    /** Targets with their status, by device; null if the control node refuses to answer. */
    private @Nullable Map<DeviceNumber, List<String>> tables;

    /** Facts of files beneath loop devices, by path. */
    private final Map<String, FileFacts> files = new HashMap<>();

    @BeforeEach
    void disks() {
        kernel =
                new FakeKernel(folder)
                        .disk("sda", "8:0", 2048, 512)
                        .disk("sdb", "8:16", 2048, 512)
                        .disk("dm-0", "253:0", 2048, 512);
    }

    private BlockDevice read(String number) {
        BlockDevice device =
                new BlockTree(kernel.sys(), new DeviceMapper(libc()), files::get)
                        .byNumber(DeviceNumber.parse(number));
        assertNotNull(device);
        return device;
    }

    private static List<String> beneath(BlockDevice device) {
        return device.layer().devices().stream().map(BlockDevice::name).toList();
    }

    @Test
    void theControlNodeIsAskedForAVolumesTargets() {
        kernel.over("dm-0", "sda", "sdb").file(HOME + "dm-0/dm/uuid", VOLUME);
        tables = Map.of(new DeviceNumber(253, 0), List.of("linear ", "striped 2 8:0 0", "linear "));
        Layer layer = read("253:0").layer();
        assertEquals(Layer.Kind.DM, layer.kind());
        assertEquals(List.of("linear", "striped"), layer.types());
        assertEquals("ioctl DM_TABLE_STATUS", layer.source());
        assertEquals(List.of("sda", "sdb"), beneath(read("253:0")));
    }

    @Test
    void aRaidTargetIsReportedWithItsLevel() {
        kernel.over("dm-0", "sda", "sdb").file(HOME + "dm-0/dm/uuid", "");
        tables = Map.of(new DeviceNumber(253, 0), List.of("raid raid1 2 AA 2048/2048 idle 0 0 -"));
        assertEquals(List.of("raid1"), read("253:0").layer().types());
    }

    @Test
    void aTableThatDoesNotFitIsReadAgainIntoMoreMemory() {
        kernel.over("dm-0", "sda").file(HOME + "dm-0/dm/uuid", "");
        List<String> many = new java.util.ArrayList<>(java.util.Collections.nCopies(4000, "zero "));
        many.add("integrity 0 1 -");
        tables = Map.of(new DeviceNumber(253, 0), many);
        assertEquals(List.of("zero", "integrity"), read("253:0").layer().types());
    }

    @ParameterizedTest
    @CsvSource({
        "CRYPT-LUKS2-1234-home, crypt linear",
        "CRYPT-PLAIN-home, crypt linear",
        "CRYPT-INTEGRITY-home, integrity",
        "CRYPT-VERITY-1234-root, verity",
        "CRYPT-SUBDEV-1234-home_dif, ''",
        "mpath-3600, multipath",
        "part1-mpath-3600, linear",
        "party-mpath-3600, ''",
        "DMRAID-isw_x, ''",
        "'', ''"
    })
    void withoutRootTheUuidTellsTheTypesOfSomeDevices(String uuid, String types) {
        kernel.over("dm-0", "sda").file(HOME + "dm-0/dm/uuid", uuid);
        Layer layer = read("253:0").layer();
        assertEquals(types, String.join(" ", layer.types()));
        String name = "sysfs dm/uuid=" + (uuid.isEmpty() ? "none" : uuid);
        assertTrue(layer.source().startsWith(name), layer.source());
        boolean why =
                layer.source().endsWith(", and /dev/mapper/control: EACCES (Permission denied)");
        assertEquals(types.isEmpty(), why, layer.source());
    }

    @ParameterizedTest
    @CsvSource({
        "'', '', linear striped",
        "'', -tpool, thin thin-pool snapshot",
        "-tpool, -tdata, thin thin-pool snapshot",
        "'', -real, thin thin-pool snapshot",
        "'', -rimage, ''",
        "'', -cdata, ''",
        "'', whole, ''"
    })
    void withoutRootThePartsOfAVolumeTellItsTypes(String suffix, String part, String types) {
        kernel.over("dm-0", "sda").file(HOME + "dm-0/dm/uuid", VOLUME + suffix);
        if (!part.isEmpty()) {
            kernel.disk("dm-1", "253:1", 2048, 512)
                    .over("dm-1", "sdb")
                    .file(HOME + "dm-1/dm/uuid", VOLUME + (part.equals("whole") ? "" : part))
                    .over("dm-0", "dm-1");
        }
        assertEquals(types, String.join(" ", read("253:0").layer().types()));
    }

    @Test
    void aRaidIsReportedWithItsLevelAndAPartitionHasItsDisksLayer() {
        kernel.disk("md0", "9:0", 2048, 512)
                .over("md0", "sda", "sdb")
                .file(HOME + "md0/md/level", "raid10")
                .file(HOME + "md0/md0p1/partition", "1")
                .link("sys/dev/block/259:0", HOME + "md0/md0p1");
        for (String number : List.of("9:0", "259:0")) {
            Layer layer = read(number).layer();
            assertEquals(Layer.Kind.MD, layer.kind());
            assertEquals(List.of("raid10"), layer.types());
            assertEquals("sysfs md/level=raid10", layer.source());
            assertEquals(List.of("sda", "sdb"), beneath(read(number)));
        }
    }

    @Test
    void anUnknownDriverIsReportedWithTheDevicesBeneath() {
        kernel.disk("bcache0", "252:0", 2048, 512).over("bcache0", "sda", "sdb");
        assertEquals(Layer.Kind.OTHER, read("252:0").layer().kind());
        assertEquals(List.of("sda", "sdb"), beneath(read("252:0")));
    }

    @Test
    void aLoopDeviceIsReportedWithItsFileAndWhetherItGoesPastThePageCache() {
        FileFacts file = FileFacts.simulated(1, 1, 512, 512);
        files.put("/a file", file);
        kernel.disk("loop0", "7:0", 2048, 512)
                .file(HOME + "loop0/loop/backing_file", "/a file")
                .file(HOME + "loop0/loop/dio", "1");
        Layer layer = read("7:0").layer();
        assertEquals(Layer.Kind.LOOP, layer.kind());
        assertSame(file, layer.file());
        assertEquals("sysfs loop/backing_file=/a file, loop/dio=1", layer.source());
        kernel.file(HOME + "loop0/loop/dio", "0");
        Layer cached = read("7:0").layer();
        assertEquals(List.of(Layer.CACHED), cached.types());
        assertEquals(null, cached.file());
        assertEquals("sysfs loop/backing_file=/a file, loop/dio=0", cached.source());
    }

    @Test
    void aDeviceThatLiesBeneathItselfIsHidden() {
        kernel.disk("dm-1", "253:1", 2048, 512).over("dm-0", "dm-1").over("dm-1", "dm-0");
        BlockDevice top = read("253:0");
        BlockDevice again = top.layer().devices().getFirst().layer().devices().getFirst();
        assertEquals("dm-0", again.name());
        assertEquals(Layer.hidden("it lies beneath itself"), again.layer());
    }

    @Test
    void aStackThatIsTooDeepIsCutOff() {
        for (int i = 1; i <= 40; i++) {
            kernel.disk("dm-" + i, "253:" + i, 2048, 512).over("dm-" + i, "dm-" + (i - 1));
        }
        BlockDevice device = read("253:40");
        int depth = 0;
        while (device.layer().kind() != Layer.Kind.HIDDEN) {
            device = device.layer().devices().getFirst();
            depth++;
        }
        assertEquals(32, depth);
        assertEquals("more than 32 layers are above it", device.layer().source());
    }

    @Test
    void aDeviceBeneathSeveralOthersIsReadOnce() {
        for (int i = 1; i <= 30; i += 2) {
            int below = i - 1;
            kernel.disk("dm-" + i, "253:" + i, 2048, 512).over("dm-" + i, "dm-" + below);
            int top = i + 1;
            kernel.disk("dm-" + top, "253:" + top, 2048, 512)
                    .over("dm-" + top, "dm-" + below, "dm-" + i);
        }
        List<BlockDevice> two = read("253:30").layer().devices();
        assertSame(two.get(0), two.get(1).layer().devices().getFirst());
    }

    private LibC libc() {
        return (LibC)
                Proxy.newProxyInstance(
                        LibC.class.getClassLoader(),
                        new Class<?>[] {LibC.class},
                        (_, method, arguments) ->
                                switch (method.getName()) {
                                    case "open" -> tables == null ? -Errno.EACCES : CONTROL;
                                    case "close" -> 0;
                                    case "ioctl" -> table((MemorySegment) arguments[2]);
                                    default -> throw new AssertionError(method.getName());
                                });
    }

    /** Answers as the kernel's dm_table_status and its retrieve_status do. */
    private long table(MemorySegment answer) {
        assertEquals(4, answer.get(JAVA_INT, 0));
        int size = answer.get(JAVA_INT, DeviceMapper.DATA_SIZE);
        assertEquals(size, answer.byteSize());
        int start = answer.get(JAVA_INT, DeviceMapper.DATA_START);
        DeviceNumber number = DeviceNumber.of(answer.get(JAVA_LONG, DeviceMapper.DEV));
        List<String> targets = tables == null ? null : tables.get(number);
        if (targets == null) {
            return -6; // ENXIO
        }
        answer.set(JAVA_INT, DeviceMapper.TARGET_COUNT, targets.size());
        int at = 0;
        for (String target : targets) {
            String[] words = target.split(" ", 2);
            int next = at + DeviceMapper.SPEC + words[1].length() + 1 + 7 & ~7;
            if (start + next > size) {
                answer.set(JAVA_INT, DeviceMapper.FLAGS, DeviceMapper.DM_BUFFER_FULL_FLAG);
                return 0;
            }
            answer.setString(start + at + DeviceMapper.TARGET_TYPE, words[0]);
            answer.setString(start + at + DeviceMapper.SPEC, words[1]);
            answer.set(JAVA_INT, start + at + DeviceMapper.NEXT, next);
            at = next;
        }
        return 0;
    }
}
