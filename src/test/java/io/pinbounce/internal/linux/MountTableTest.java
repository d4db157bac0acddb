package io.pinbounce.internal.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;

class MountTableTest {

    @TempDir private Path folder;

    @Test
    void theMountOfADescriptorIsFoundByItsNumber() {
        FakeKernel kernel =
                new FakeKernel(folder)
                        .file(
                                "proc/self/mountinfo",
                                """
                                3 1 254:0 / / rw,relatime - ext4 /dev/vda rw,discard
                                36 3 0:41 /sub /mnt rw master:1 shared:2 \
                                - btrfs /dev/loop3 rw,nodatasum\
                                """)
                        .descriptor(5, "0140000", 36)
                        .descriptor(6, "02", 99);
        MountTable table = new MountTable(kernel.proc());
        assertEquals(
                new Mount(36, "/mnt", "btrfs", "/dev/loop3", List.of("rw", "nodatasum")),
                table.of(5));
        assertEquals(0140000, table.flags(5));
        assertNull(table.of(6), "a mount of another namespace");
        assertNull(table.of(7), "a descriptor that is not there");
        assertEquals(-1, table.flags(7));
    }

    @Test
    void escapedCharactersAreDecoded() {
        Mount mount = MountTable.parse("1 1 8:1 / /a\\040b\\134040 rw - ext4 /dev/disk\\011x rw");
        assertEquals(new Mount(1, "/a b\\040", "ext4", "/dev/disk\tx", List.of("rw")), mount);
    }

    @Test
    void aHyphenAsMountPointDoesNotEndTheOptionalFields() {
        Mount mount = MountTable.parse("1 1 8:1 - - rw - ext4 - rw");
        assertEquals(new Mount(1, "-", "ext4", "-", List.of("rw")), mount);
    }

    @Test
    void aLineThatIsCutShortIsIgnored() {
        assertNull(MountTable.parse("1 1 8:1 / /mnt rw shared:1 - ext4 /dev/vda"));
    }
}
