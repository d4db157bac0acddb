package io.pinbounce.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.DirectFile;
import io.pinbounce.DirectOptions;
import io.pinbounce.Protection;
import io.pinbounce.Transfer;
import io.pinbounce.buffer.PinnedArena;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.Path;
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

    @Test
    void pinnedRequestsAreRefusedWithTheValue() throws IOException {
        Path path = place.newPath();
        try (DirectFile file = open(path, options().create().transfer(Transfer.PIN))) {
            MemorySegment memory = arena.allocate(16384);
            file.write(memory, 0);
            refused(file, memory.asSlice(1, 4096), 0, "address=" + (memory.address() + 1));
            refused(file, memory.asSlice(0, 4096), 100, "position=100");
            refused(file, memory.asSlice(0, 4097), 0, "length=4097");
            assertEquals(16384, file.size());
            assertEquals(1, file.counts().pinnedWrites());
            assertEquals(0, file.counts().pinnedReads());
        }
    }

    private void refused(DirectFile file, MemorySegment memory, long position, String value) {
        for (var call :
                List.<Executable>of(
                        () -> file.write(memory, position), () -> file.read(memory, position))) {
            Exception e = assertThrows(IllegalArgumentException.class, call);
            assertSays(e, value);
            assertSays(e, "nearest=");
            assertSays(e, "BOUNCE");
        }
    }

    @Test
    void positionsOutOfRangeAreRefused() throws IOException {
        try (DirectFile file = open(Transfer.BOUNCE)) {
            MemorySegment memory = heap(new byte[10]);
            for (long position : new long[] {-1, Long.MIN_VALUE, Long.MAX_VALUE}) {
                Exception e =
                        assertThrows(
                                IllegalArgumentException.class, () -> file.write(memory, position));
                assertSays(e, "position=" + position);
                assertThrows(IllegalArgumentException.class, () -> file.read(memory, position));
            }
            assertThrows(IllegalArgumentException.class, () -> file.truncate(-1));
            assertThrows(IllegalArgumentException.class, () -> file.allocate(-1, 4096));
        }
    }

    @Test
    void aClosedFileRefusesEverything() throws IOException {
        DirectFile file = open(Transfer.AUTO);
        file.close();
        file.close();
        MemorySegment memory = arena.allocate(4096);
        assertThrows(ClosedChannelException.class, () -> file.read(memory, 0));
        assertThrows(ClosedChannelException.class, () -> file.write(memory, 0));
        assertThrows(ClosedChannelException.class, file::force);
        assertThrows(ClosedChannelException.class, file::size);
        assertThrows(ClosedChannelException.class, () -> file.truncate(0));
        assertThrows(ClosedChannelException.class, () -> file.allocate(0, 1));
    }

    @ParameterizedTest
    @EnumSource(Transfer.class)
    void aClosedArenaIsRefused(Transfer transfer) throws IOException {
        try (DirectFile file = open(transfer)) {
            PinnedArena closed = PinnedArena.ofShared();
            MemorySegment memory = closed.allocate(4096);
            closed.close();
            assertThrows(IllegalStateException.class, () -> file.write(memory, 0));
            assertEquals(0, file.size());
            file.write(arena.allocate(4096), 0);
            assertThrows(IllegalStateException.class, () -> file.read(memory, 0));
        }
    }

    @ParameterizedTest
    @EnumSource(Transfer.class)
    void anotherThreadsConfinedMemoryIsRefused(Transfer transfer) throws Exception {
        try (DirectFile file = open(transfer);
                Arena mine = Arena.ofConfined()) {
            MemorySegment memory = mine.allocate(4096, 4096);
            Throwable[] thrown = new Throwable[1];
            Thread other =
                    Thread.ofPlatform()
                            .start(
                                    () ->
                                            thrown[0] =
                                                    assertThrows(
                                                            WrongThreadException.class,
                                                            () -> file.write(memory, 0)));
            other.join();
            assertTrue(thrown[0] instanceof WrongThreadException);
        }
    }

    @Test
    void aReadOnlyFileIsNotWritten() throws IOException {
        Path path = place.newPath();
        create(path).close();
        DirectOptions options = readOnly();
        try (DirectFile file = open(path, options)) {
            MemorySegment memory = arena.allocate(4096);
            assertThrows(NonWritableChannelException.class, () -> file.write(memory, 0));
            assertThrows(NonWritableChannelException.class, () -> file.truncate(0));
            assertThrows(NonWritableChannelException.class, () -> file.allocate(0, 1));
            Exception e =
                    assertThrows(
                            IllegalArgumentException.class,
                            () -> file.read(memory.asReadOnly(), 0));
            assertSays(e, "may write");
        }
        assertThrows(IllegalArgumentException.class, () -> DirectOptions.readOnly().create());
    }
}
