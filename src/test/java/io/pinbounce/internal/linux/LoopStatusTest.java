package io.pinbounce.internal.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import org.junit.jupiter.api.Test;

class LoopStatusTest {

    private static final DeviceNumber VDA = new DeviceNumber(254, 0);

    private static final DeviceNumber NONE = new DeviceNumber(0, 0);

    private final LoopStatus loop = new LoopStatus(VDA, 7, NONE, 0, 0);

    private static FileFacts file(FileStatus status, long volume) {
        FileFacts facts = FileFacts.simulated(7, 100, 512, 512);
        return new FileFacts(
                status,
                facts.statx(),
                facts.mount(),
                facts.devices(),
                0,
                0,
                facts.pageSize(),
                volume,
                null);
    }

    private static FileFacts regular(DeviceNumber device, long inode, long volume) {
        return file(new FileStatus(0, device.packed(), inode, 0x8000, 100, 0, 0, 0), volume);
    }

    @Test
    void theNameIsThatOfTheFileInItsVolume() {
        String name = loop.permanentName(regular(VDA, 7, 0x1234));
        assertEquals("inode 7 of volume 1234 offset 0 limit 0", name);
        LoopStatus after = new LoopStatus(new DeviceNumber(8, 1), 7, NONE, 0, 0);
        assertEquals(name, after.permanentName(regular(new DeviceNumber(8, 1), 7, 0x1234)));
        assertNotEquals(name, loop.permanentName(regular(VDA, 7, 0x1235)));
        assertNotEquals(
                name, new LoopStatus(VDA, 7, NONE, 4096, 0).permanentName(regular(VDA, 7, 0x1234)));
    }

    @Test
    void aPathThatLeadsElsewhereIsNotBelieved() {
        String name = "inode 7 of device 254:0 offset 0 limit 0";
        assertEquals(name, loop.permanentName(null));
        assertEquals(name, loop.permanentName(regular(VDA, 8, 0x1234)));
        assertEquals(name, loop.permanentName(regular(new DeviceNumber(8, 1), 7, 0x1234)));
        FileFacts device = file(new FileStatus(0, 6, 7, 0x6000, 0, VDA.packed(), 0, 0), 0x1234);
        assertEquals(name, loop.permanentName(device));
    }

    @Test
    void aDeviceBehindIsKnownByItsVolumeAlone() {
        FileFacts device = file(new FileStatus(0, 6, 3, 0x6000, 0, VDA.packed(), 0, 0), 0x1234);
        assertEquals(
                "device of volume 1234 offset 0 limit 0",
                new LoopStatus(new DeviceNumber(0, 6), 3, VDA, 0, 0).permanentName(device));
    }
}
