package io.pinbounce.internal.sidecar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.internal.engine.SimulatedEngine;
import io.pinbounce.internal.linux.OpenFlags;
import io.pinbounce.internal.sidecar.Superblock.DataFile;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;

class TieTest {

    private static final DataFile DATA = new DataFile(false, -7, 42, 1000);

    private final SimulatedEngine engine = new SimulatedEngine(512, 512);

    private final int handle =
            engine.open(Path.of("/disk/data"), OpenFlags.O_RDWR | OpenFlags.O_CREAT);

    private static Tie tie(String sidecar) {
        return Tie.of(DATA, Path.of("/disk/data"), 0x0123456789ABCDEFL, Path.of(sidecar));
    }

    @Test
    void aTieIsReadAsItWasWritten() {
        Tie tie = tie("/disk/däta.pi");
        assertNull(Tie.read(engine, handle));
        assertEquals(0, tie.write(engine, handle));
        assertEquals(tie, Tie.read(engine, handle));
        assertEquals(0, Tie.remove(engine, handle));
        assertNull(Tie.read(engine, handle));
    }

    @ParameterizedTest
    @CsvSource({
        "/disk/data.pi, /disk/data.pi",
        "/other/data.pi, /other/data.pi",
        "/disk/a/../data.pi, /disk/data.pi",
        "/disk/12345678901234567890123456789012, /disk/12345678901234567890123456789012",
        "/disk/123456789012345678901234567890123, 123456789012345678901234567890123",
        "/disk/12345678901234567890123456789012345678, 12345678901234567890123456789012345678",
        "/disk/123456789012345678901234567890123456789,",
        "/disk/ä2345678901234567890123456789012345678,",
        "/1234567890123456789012345678901234567/,/1234567890123456789012345678901234567",
        "/12345678901234567890123456789012345678/,",
    })
    void theHintIsThePathThatHasRoom(String sidecar, String hint) {
        Tie tie = tie(sidecar);
        assertEquals(hint == null ? "" : hint, tie.hint());
        List<Path> places = tie.places(Path.of("/disk/data"));
        if (hint == null) {
            assertEquals(List.of(), places);
        } else {
            assertEquals(Path.of(sidecar).normalize(), places.getFirst());
        }
        assertEquals(0, tie.write(engine, handle));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(100);
            assertTrue(engine.attribute(handle, Tie.NAME, value) < 64, "it fits the inode");
        }
    }

    @Test
    void aTieIsOfTheInodeThatItNames() {
        Tie tie = tie("/disk/data.pi");
        assertTrue(tie.isOf(new DataFile(false, -7, 42, 5)));
        assertFalse(tie.isOf(new DataFile(false, -8, 42, 1000)));
        assertFalse(tie.isOf(new DataFile(false, -7, 43, 1000)));
        assertFalse(tie.isOf(new DataFile(true, -7, 42, 1000)));
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "24, 1", "25, 2", "63, 0"})
    void whatIsNoTieIsPassedOver(int length, byte version) {
        byte[] value = new byte[length];
        if (length > 24) {
            value[24] = version;
        }
        engine.setAttribute(handle, Tie.NAME, MemorySegment.ofArray(value));
        assertNull(Tie.read(engine, handle));
    }

    @Test
    void theSidecarMayBeInTheFolderThatTheDataIsInNow() {
        assertEquals(
                List.of(Path.of("/disk/data.pi"), Path.of("/renamed/data.pi")),
                tie("/disk/data.pi").places(Path.of("/renamed/data")));
    }

    @Test
    void aHintThatIsNoPathLeadsNowhere() {
        for (String hint : List.of("a\0b", "", "/")) {
            assertEquals(List.of(), new Tie(1, 2, 3, hint).places(Path.of("/disk/data")));
        }
    }
}
