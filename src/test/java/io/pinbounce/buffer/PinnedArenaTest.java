package io.pinbounce.buffer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.pinbounce.internal.linux.LibC;
import io.pinbounce.internal.linux.OpenFlags;
import io.pinbounce.internal.linux.PinnedPages;
import io.pinbounce.internal.linux.Region;
import io.pinbounce.testing.Background;
import io.pinbounce.testing.ProcessMemory;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Executors;

class PinnedArenaTest {

    private static final long PAGE = LibC.system().pageSize();

    private static final long LARGE = 16L << 20;

    private static final Path HUGE_PAGES = Path.of("/sys/kernel/mm/transparent_hugepage");

    /** No position, as for a pipe (preadv2(2)). */
    private static final long NO_POSITION = -1;

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 511, 4096, 4097, 1 << 20})
    void memoryStartsAtAPageAndIsZeroed(long size) {
        try (PinnedArena arena = PinnedArena.ofConfined()) {
            MemorySegment memory = arena.allocate(size);
            assertEquals(size, memory.byteSize());
            assertTrue(Alignment.isAligned(memory.address(), PAGE));
            assertEquals(-1, memory.mismatch(MemorySegment.ofArray(new byte[(int) size])));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 8, 4096, 8192, 2L << 20})
    void anyPowerOfTwoIsAnAlignment(long alignment) {
        try (PinnedArena arena = PinnedArena.ofConfined()) {
            for (int i = 0; i < 5; i++) { // one might be aligned by chance
                MemorySegment memory = arena.allocate(5000, alignment);
                assertTrue(Alignment.isAligned(memory.address(), Math.max(alignment, PAGE)));
                memory.fill((byte) i);
            }
        }
    }

    @Test
    void allocationsDoNotOverlap() {
        try (PinnedArena arena = PinnedArena.ofConfined()) {
            MemorySegment first = arena.allocate(0);
            MemorySegment second = arena.allocate(100);
            MemorySegment third = arena.allocate(100);
            assertNotEquals(first.address(), second.address());
            assertTrue(Math.abs(second.address() - third.address()) >= PAGE);
        }
    }

    /** Counts the mappings and regions at n, 4n and 16n allocations. */
    @ParameterizedTest
    @ValueSource(ints = {1000, 4000, 16_000})
    void smallAllocationsShareMappings(int count) {
        try (PinnedArena arena = PinnedArena.ofShared()) {
            Set<Region> slabs = slabs(arena, count);
            long bytes = slabs.stream().mapToLong(Region::length).sum();
            long used = count * PAGE;
            long most = 12 + used / PinnedArena.HUGE_PAGE; // slabs before the first of full size
            assertTrue(slabs.size() <= most, "slabs=" + slabs.size() + " most=" + most);
            assertTrue(bytes >= used && bytes <= used + PinnedArena.HUGE_PAGE, "bytes=" + bytes);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 9, 17, 100})
    void anArenaWithLittleInItIsSmall(int count) {
        try (PinnedArena arena = PinnedArena.ofShared()) {
            long bytes = slabs(arena, count).stream().mapToLong(Region::length).sum();
            assertTrue(bytes < 2L * count * PAGE, "bytes=" + bytes);
        }
    }

    @Test
    void canaryLargeAllocationsAreMappedOneByOne() {
        try (PinnedArena arena = PinnedArena.ofShared()) {
            Set<Region> regions = new HashSet<>();
            for (int i = 0; i < 100; i++) {
                regions.add(regionOf(arena.allocate(512 << 10)));
            }
            assertEquals(100, regions.size());
        }
    }

    @Test
    void allocationsOfAllKindsAreSeparateZeroedAndFreedTogether() {
        Random random = new Random(7);
        PinnedArena arena = PinnedArena.ofShared();
        List<MemorySegment> all = new ArrayList<>();
        for (int i = 0; i < 600; i++) {
            long alignment = 1L << random.nextInt(20);
            int size = random.nextInt(1 << random.nextInt(21));
            MemorySegment memory = arena.allocate(size, alignment);
            assertTrue(Alignment.isAligned(memory.address(), Math.max(alignment, PAGE)));
            for (long at = 0; at < memory.byteSize(); at += PAGE / 2) {
                assertEquals(
                        0, memory.get(ValueLayout.JAVA_BYTE, at), "unchanged by later allocations");
            }
            memory.fill((byte) (1 + i % 100));
            all.add(memory);
        }
        for (int i = 0; i < all.size(); i++) {
            MemorySegment memory = all.get(i);
            for (long at = 0; at < memory.byteSize(); at += PAGE / 2) {
                assertEquals(1 + i % 100, memory.get(ValueLayout.JAVA_BYTE, at));
            }
        }
        arena.close();
        for (MemorySegment memory : all) {
            assertNull(PinnedPages.behind(memory));
        }
    }

    /** The regions that many small allocations lie in. */
    private static Set<Region> slabs(PinnedArena arena, int count) {
        Set<Region> slabs = new HashSet<>();
        for (int i = 0; i < count; i++) {
            slabs.add(regionOf(arena.allocate(PAGE)));
        }
        return slabs;
    }

    private static Region regionOf(MemorySegment memory) {
        PinnedPages pages = Objects.requireNonNull(PinnedPages.behind(memory));
        return Objects.requireNonNull(pages.region(memory.address(), memory.byteSize()));
    }

    @ParameterizedTest
    @CsvSource({"-1, 1", "1, 0", "1, -8", "1, 3", "1, " + Long.MIN_VALUE})
    void anInvalidSizeOrAlignmentIsRefused(long size, long alignment) {
        try (PinnedArena arena = PinnedArena.ofConfined()) {
            String refusal =
                    assertThrows(
                                    IllegalArgumentException.class,
                                    () -> arena.allocate(size, alignment))
                            .toString();
            String values = " byteSize=" + size + " byteAlignment=" + alignment;
            assertTrue(refusal.endsWith(values), refusal);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1152921504606846976, 1",
        "1, 4611686018427387904",
        "9223372036854775807, 1",
        "9223372036854775807, 8192"
    })
    void moreThanTheMachineHasIsOutOfMemory(long size, long alignment) {
        try (PinnedArena arena = PinnedArena.ofConfined()) {
            assertThrows(OutOfMemoryError.class, () -> arena.allocate(size, alignment));
        }
    }

    @Test
    void memoryIsResidentFromTheStartAndNotForked() throws Exception {
        try (PinnedArena arena = PinnedArena.ofShared()) {
            MemorySegment memory = arena.allocate(LARGE);
            assertTrue(ProcessMemory.isResident(memory));
            assertTrue(ProcessMemory.flags(memory.address()).contains("dc"));
        }
    }

    @Test
    void largeMemoryAsksForHugePages() throws Exception {
        try (PinnedArena arena = PinnedArena.ofShared()) {
            MemorySegment large = arena.allocate(LARGE);
            assertTrue(Alignment.isAligned(large.address(), 2 << 20));
            assumeTrue(Files.exists(HUGE_PAGES), "this kernel was built without huge pages");
            assertTrue(ProcessMemory.flags(large.address()).contains("hg"));
        }
    }

    @Test
    void canaryUntouchedMemoryIsNotResident() throws Exception {
        LibC libc = LibC.system();
        int flags = LibC.MAP_PRIVATE | LibC.MAP_ANONYMOUS;
        long address = libc.mmap(LARGE, LibC.PROT_READ | LibC.PROT_WRITE, flags);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory =
                    libc.adopt(address, LARGE, arena, () -> libc.munmap(address, LARGE));
            assertFalse(ProcessMemory.isResident(memory));
            assertFalse(ProcessMemory.flags(address).contains("dc"));
        }
    }

    @Test
    void closingUnmapsAllMemory() throws Exception {
        PinnedArena arena = PinnedArena.ofShared();
        List<MemorySegment> all = List.of(arena.allocate(LARGE), arena.allocate(LARGE, LARGE));
        for (MemorySegment memory : all) {
            assertTrue(ProcessMemory.isMapped(memory.address(), LARGE));
        }
        arena.close();
        for (MemorySegment memory : all) {
            assertFalse(ProcessMemory.isMapped(memory.address(), LARGE));
            assertThrows(IllegalStateException.class, () -> memory.get(ValueLayout.JAVA_BYTE, 0));
        }
    }

    @Test
    void aClosedArenaRefusesEverything() {
        PinnedArena arena = PinnedArena.ofShared();
        arena.close();
        assertFalse(arena.scope().isAlive());
        assertThrows(IllegalStateException.class, () -> arena.allocate(1));
        assertThrows(IllegalStateException.class, arena::close);
    }

    @Test
    void aConfinedArenaIsForItsOwnThread() throws Exception {
        try (PinnedArena arena = PinnedArena.ofConfined()) {
            arena.allocate(1);
            assertInstanceOf(
                    WrongThreadException.class, Background.call(() -> arena.allocate(1)).failure());
            assertInstanceOf(
                    WrongThreadException.class,
                    Background.call(Executors.callable(arena::close)).failure());
            assertTrue(arena.scope().isAlive());
        }
    }

    @Test
    void aSharedArenaIsForAllThreads() throws Exception {
        PinnedArena arena = PinnedArena.ofShared();
        Background.call(() -> arena.allocate(1).fill((byte) 1)).result();
        Background.call(Executors.callable(arena::close)).result();
        assertFalse(arena.scope().isAlive());
    }

    /** A pipe takes less than is written, so the kernel holds the memory until it is drained. */
    @Test
    void closingIsRefusedWhileTheKernelUsesTheMemory(@TempDir Path folder) throws Exception {
        LibC libc = LibC.system();
        int pipe = openPipe(folder.resolve("pipe"));
        PinnedArena arena = PinnedArena.ofShared();
        try (Arena own = Arena.ofConfined()) {
            MemorySegment sent = arena.allocate(1 << 20);
            Background<Long> write =
                    Background.call(() -> libc.pwritev(pipe, List.of(sent), NO_POSITION));
            MemorySegment received = own.allocate(4096);
            long drained = libc.preadv(pipe, List.of(received), NO_POSITION); // the write has begun
            assertThrows(IllegalStateException.class, arena::close);
            sent.fill((byte) 1);
            while (drained < sent.byteSize()) {
                long count = libc.preadv(pipe, List.of(received), NO_POSITION);
                assertTrue(count > 0, "errno=" + -count);
                drained += count;
            }
            assertEquals(sent.byteSize(), write.result());
            arena.close();
            assertFalse(arena.scope().isAlive());
        } finally {
            LibC.system().close(pipe);
        }
    }

    /** Open for both directions, so that opening does not wait for the other end. */
    private static int openPipe(Path path) throws Exception {
        assertEquals(0, new ProcessBuilder("mkfifo", path.toString()).start().waitFor());
        int pipe = LibC.system().open(path.toString(), OpenFlags.O_RDWR, 0);
        assertTrue(pipe >= 0, "errno=" + -pipe);
        return pipe;
    }
}
