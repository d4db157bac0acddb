package io.pinbounce.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.pinbounce.DirectFile;
import io.pinbounce.DirectOptions;
import io.pinbounce.Protection;
import io.pinbounce.Transfer;
import io.pinbounce.buffer.PinnedArena;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/** What is wrong is refused before anything moves. */
class AdmissionTest extends ContractTest {

    @ParameterizedTest
    @EnumSource(Transfer.class)
    void oneClosedSegmentAmongManyRefusesThemAll(Transfer transfer) throws IOException {
        try (DirectFile file = open(transfer)) {
            PinnedArena closed = PinnedArena.ofShared();
            MemorySegment gone = closed.allocate(4096);
            closed.close();
            List<MemorySegment> memory = List.of(arena.allocate(1 << 20), gone);
            assertThrows(IllegalStateException.class, () -> file.write(memory, 0));
            assertEquals(0, file.size());
            MemorySegment last = pinned(bytes(1, 8192));
            file.write(last, 0);
            List<MemorySegment> room = List.of(arena.allocate(4096), gone);
            assertThrows(IllegalStateException.class, () -> file.read(room, 0));
            assertEquals(0, room.getFirst().get(ValueLayout.JAVA_LONG, 0));
        }
    }

    @ParameterizedTest
    @EnumSource(Transfer.class)
    void oneSegmentOfAnotherThreadRefusesThemAll(Transfer transfer) throws Exception {
        try (DirectFile file = open(transfer);
                Arena mine = Arena.ofConfined()) {
            List<MemorySegment> memory =
                    List.of(arena.allocate(1 << 20), mine.allocate(4096, 4096));
            Thread other =
                    Thread.ofPlatform()
                            .start(
                                    () ->
                                            assertThrows(
                                                    WrongThreadException.class,
                                                    () -> file.write(memory, 0)));
            other.join();
            assertEquals(0, file.size());
        }
    }

    @Test
    void sizesOutOfRangeAreRefused() throws IOException {
        DirectOptions guarded = options().create().protection(Protection.t10(4096).memory());
        try (DirectFile file = open(place.newPath(), guarded)) {
            Exception e =
                    assertThrows(
                            IllegalArgumentException.class, () -> file.truncate(Long.MAX_VALUE));
            assertSays(e, "size=" + Long.MAX_VALUE);
            assertSays(
                    assertThrows(
                            IllegalArgumentException.class, () -> file.allocate(Long.MAX_VALUE, 1)),
                    "position=" + Long.MAX_VALUE);
            for (long length : new long[] {-1, 0, Long.MAX_VALUE}) {
                assertSays(
                        assertThrows(
                                IllegalArgumentException.class, () -> file.allocate(1, length)),
                        "length=" + length);
            }
            assertEquals(0, file.size());
        }
    }
}
