package io.pinbounce.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.DirectFile;
import io.pinbounce.DirectIoException;
import io.pinbounce.DirectOptions;
import io.pinbounce.Durability;
import io.pinbounce.Protection;
import io.pinbounce.Transfer;
import io.pinbounce.internal.linux.Errno;
import io.pinbounce.testing.Seed;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** What every request promises, protected or not. */
class DirectFileTest extends ContractTest {

    @Nested
    class Moving {

        @ParameterizedTest
        @EnumSource(Transfer.class)
        void whatIsWrittenIsRead(Transfer transfer) throws IOException {
            for (int length : new int[] {4096, 65536, 1 << 20, (3 << 20) + 8192}) {
                try (DirectFile file = open(transfer)) {
                    byte[] data = bytes(length, length);
                    file.write(pinned(data), 8192);
                    MemorySegment back = arena.allocate(length);
                    assertEquals(length, file.read(back, 8192));
                    assertArrayEquals(data, back.toArray(ValueLayout.JAVA_BYTE));
                    assertEquals(8192 + length, file.size());
                    file.force();
                }
            }
        }

        @Test
        void pinnedRequestsMakeNoCopy() throws IOException {
            try (DirectFile file = open(Transfer.PIN)) {
                file.write(pinned(bytes(1, 65536)), 0);
                file.read(arena.allocate(65536), 0);
                assertEquals(1, file.counts().pinnedWrites());
                assertEquals(1, file.counts().pinnedReads());
                assertEquals(0, file.counts().bouncedReads() + file.counts().bouncedWrites());
            }
        }

        @Test
        void manySegmentsMakeOneRequest() throws IOException {
            for (Transfer transfer : Transfer.values()) {
                try (DirectFile file = open(transfer)) {
                    byte[] data = bytes(7, 40 * 4096);
                    List<MemorySegment> parts = new ArrayList<>();
                    List<MemorySegment> back = new ArrayList<>();
                    for (int i = 0; i < 40; i++) {
                        parts.add(pinned(Arrays.copyOfRange(data, i * 4096, i * 4096 + 4096)));
                        back.add(arena.allocate(4096));
                    }
                    file.write(parts, 0);
                    assertEquals(data.length, file.read(back, 0));
                    for (int i = 0; i < 40; i++) {
                        assertEquals(-1, parts.get(i).mismatch(back.get(i)), "segment " + i);
                    }
                }
            }
        }

        @Test
        void segmentsThatOnlyTogetherMakeWholeBlocksBounce() throws IOException {
            byte[] data = bytes(8, 8192);
            List<MemorySegment> parts =
                    List.of(
                            heap(data).asSlice(0, 1),
                            heap(data).asSlice(1, 4999),
                            pinned(data).asSlice(5000, 3192));
            try (DirectFile file = open(Transfer.BOUNCE)) {
                file.write(parts, 4096);
                MemorySegment back = heap(new byte[8192]);
                file.read(List.of(back.asSlice(0, 100), back.asSlice(100)), 4096);
                assertEquals(-1, back.mismatch(heap(data)));
            }
            Path path = place.newPath();
            try (DirectFile file = open(path, options().create().transfer(Transfer.PIN))) {
                assertThrows(IllegalArgumentException.class, () -> file.write(parts, 4096));
                assertEquals(0, file.size());
            }
        }

        @Test
        void heapMemoryBouncesUnlessPinned() throws IOException {
            byte[] data = bytes(9, 8192);
            for (Transfer transfer : new Transfer[] {Transfer.BOUNCE, Transfer.AUTO}) {
                try (DirectFile file = open(transfer)) {
                    file.write(heap(data), 0);
                    assertArrayEquals(data, read(file, 0, 8192));
                    assertEquals(0, file.counts().pinnedWrites() + file.counts().pinnedReads());
                }
            }
            try (DirectFile file = open(Transfer.PIN)) {
                Exception e =
                        assertThrows(
                                IllegalArgumentException.class, () -> file.write(heap(data), 0));
                assertSays(e, "heap");
            }
        }

        @Test
        void requestsWithoutBytesMoveNothing() throws IOException {
            try (DirectFile file = open(Transfer.PIN)) {
                file.write(arena.allocate(0), 1);
                assertEquals(0, file.read(arena.allocate(0), 1));
                assertEquals(0, file.size());
            }
        }
    }

    @Nested
    class Misaligned {

        /** A plain array is the model; any length and position must do. */
        @ParameterizedTest
        @ValueSource(booleans = {false, true})
        void anyPositionAndLengthBounces(boolean guarded) throws IOException {
            Random random = new Random(Seed.value());
            Protection protection = guarded ? Protection.t10(4096).memory() : Protection.none();
            DirectOptions options =
                    options().create().transfer(Transfer.AUTO).protection(protection);
            try (DirectFile file = open(place.newPath(), options)) {
                byte[] model = new byte[0];
                for (int i = 0; i < 150; i++) {
                    model = step(file, random, model);
                    assertEquals(model.length, file.size());
                    assertArrayEquals(model, read(file, 0, 700_000));
                }
            }
        }

        private byte[] step(DirectFile file, Random random, byte[] model) throws IOException {
            int position = random.nextInt(300_000);
            if (random.nextInt(6) == 0) {
                file.truncate(position);
                return Arrays.copyOf(model, position);
            }
            int most = random.nextInt(4) == 0 ? 300_000 : 9_000;
            byte[] data = bytes(random.nextInt(), 1 + random.nextInt(most));
            byte[] grown = Arrays.copyOf(model, Math.max(model.length, position + data.length));
            file.write(random.nextBoolean() ? heap(data) : pinned(data), position);
            System.arraycopy(data, 0, grown, position, data.length);
            return grown;
        }
    }

    @Nested
    class EndOfFile {

        @Test
        void aReadPastTheEndGivesWhatTheFileHas() throws IOException {
            Path path = place.newPath();
            byte[] data = bytes(3, 300);
            try (DirectFile file = create(path)) {
                file.write(heap(data), 0);
                assertEquals(300, file.size());
            }
            assertArrayEquals(data, contents(path));
            for (Transfer transfer : Transfer.values()) {
                try (DirectFile file = open(path, options().transfer(transfer))) {
                    MemorySegment memory = arena.allocate(8192);
                    memory.fill((byte) 0x55);
                    assertEquals(300, file.read(memory, 0));
                    assertEquals(-1, memory.asSlice(0, 300).mismatch(heap(data)));
                    if (transfer != Transfer.PIN) {
                        assertUntouched(memory.asSlice(300));
                    }
                    assertEquals(0, file.read(memory, 4096));
                    assertEquals(0, file.read(memory, 1L << 40));
                }
            }
        }

        @Test
        void autoBouncesOnlyTheBlockThatHoldsTheEnd() throws IOException {
            Path path = place.newPath();
            try (DirectFile file = open(path, options().create())) {
                file.write(heap(bytes(4, 20_300)), 0);
            }
            try (DirectFile file = open(path, options())) {
                MemorySegment memory = arena.allocate(32768);
                memory.fill((byte) 0x55);
                assertEquals(20_300, file.read(memory, 0));
                assertUntouched(memory.asSlice(20_300));
                assertEquals(1, file.counts().pinnedReads());
                assertEquals(1, file.counts().bouncedReads());
            }
        }

        private void assertUntouched(MemorySegment memory) {
            for (long i = 0; i < memory.byteSize(); i++) {
                assertEquals(0x55, memory.get(ValueLayout.JAVA_BYTE, i), "byte " + i);
            }
        }

        @Test
        void theSizeIsTheHighestEnd() throws IOException {
            Path path = place.newPath();
            try (DirectFile file = create(path)) {
                file.write(heap(bytes(5, 10)), 5000);
                assertEquals(5010, file.size());
                file.write(heap(bytes(6, 10)), 100);
                assertEquals(5010, file.size());
                file.write(pinned(bytes(7, 4096)), 8192);
                assertEquals(12288, file.size());
                file.truncate(12000);
                file.write(heap(bytes(8, 5)), 11990);
                assertEquals(12000, file.size());
            }
            byte[] all = contents(path);
            assertEquals(12000, all.length);
            assertArrayEquals(new byte[5000 - 110], Arrays.copyOfRange(all, 110, 5000));
        }

        @Test
        void growthThroughAnotherFileIsSeen() throws IOException {
            Path path = place.newPath();
            try (DirectFile reader = create(path);
                    DirectFile writer = open(path, options())) {
                writer.write(heap(bytes(1, 5000)), 0);
                assertEquals(5000, reader.size());
                assertEquals(5000, reader.read(arena.allocate(8192), 0));
            }
        }

        @Test
        void allocationExtends() throws IOException {
            Path path = place.newPath();
            try (DirectFile file = create(path)) {
                file.allocate(0, 10_000);
                assertEquals(10_000, file.size());
                assertArrayEquals(new byte[10_000], read(file, 0, 20_000));
                file.allocate(0, 100);
                assertEquals(10_000, file.size());
            }
        }
    }

    @Nested
    class Lifecycle {

        @Test
        void optionsDecideWhetherAFileIsCreatedOrTruncated() throws IOException {
            Path path = place.newPath();
            DirectIoException missing =
                    assertThrows(DirectIoException.class, () -> open(path, options()));
            assertEquals(Errno.ENOENT, missing.errno());
            assertEquals("open", missing.op());
            assertEquals(path, missing.path());
            open(path, options().createNew()).close();
            DirectIoException there =
                    assertThrows(DirectIoException.class, () -> open(path, options().createNew()));
            assertEquals(Errno.EEXIST, there.errno());
            try (DirectFile file = open(path, options().create())) {
                file.write(heap(bytes(1, 5000)), 0);
            }
            try (DirectFile file = open(path, options().truncate())) {
                assertEquals(0, file.size());
            }
        }

        @Test
        void whatIsWrittenWithDsyncIsRead() throws IOException {
            Path path = place.newPath();
            DirectOptions options = options().create().durability(Durability.DSYNC);
            try (DirectFile file = open(path, options)) {
                file.write(heap(bytes(1, 5000)), 0);
            }
            assertArrayEquals(bytes(1, 5000), contents(path));
        }

        @Test
        void anInterruptTearsNoRequest() throws IOException {
            try (DirectFile file = open(Transfer.BOUNCE)) {
                Thread.currentThread().interrupt();
                file.write(heap(bytes(1, 600_000)), 1);
                assertEquals(600_000, read(file, 1, 700_000).length);
                assertTrue(Thread.interrupted());
                assertFalse(Thread.interrupted());
            }
        }
    }
}
