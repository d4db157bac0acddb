package io.pinbounce.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.BadInterval;
import io.pinbounce.DirectFile;
import io.pinbounce.DirectOptions;
import io.pinbounce.Protection;
import io.pinbounce.ProtectionException;
import io.pinbounce.StabilityCheck;
import io.pinbounce.Transfer;
import io.pinbounce.UnstableBufferException;
import io.pinbounce.internal.engine.FileHandle;
import io.pinbounce.internal.engine.HookedEngine;
import io.pinbounce.internal.engine.Submission;
import io.pinbounce.internal.linux.OpenFlags;
import io.pinbounce.pi.PiCheck;
import io.pinbounce.pi.PiContext;
import io.pinbounce.pi.PiFormat;
import io.pinbounce.pi.PiMismatch;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * What protection promises. Damage is done with a second, unguarded engine handle, as a failing
 * disk would do it: below everything that keeps tuples.
 */
class ProtectedFileTest extends ContractTest {

    private static final Protection PROTECTION = Protection.t10(4096).memory();

    private DirectOptions guarded() {
        return options().create().protection(PROTECTION);
    }

    /** Flips one bit below the library, through a descriptor of its own. */
    private void damage(Path path, long position) throws IOException {
        Damage.flipBit(place, arena, path, position);
    }

    private void assertBad(ProtectionException e, long... intervals) {
        assertArrayEquals(
                intervals, e.intervals().stream().mapToLong(BadInterval::interval).toArray());
        for (BadInterval bad : e.intervals()) {
            assertEquals(bad.interval() * 4096, bad.position());
        }
    }

    @Nested
    class Reading {

        @ParameterizedTest
        @EnumSource(Transfer.class)
        void everyBadIntervalIsReported(Transfer transfer) throws IOException {
            Path path = place.newPath();
            try (DirectFile file = open(path, guarded().transfer(transfer))) {
                file.write(pinned(bytes(1, 40960)), 0);
                damage(path, 4096 + 17);
                damage(path, 5 * 4096);
                MemorySegment memory = arena.allocate(40960);
                memory.fill((byte) 0x55);
                ProtectionException e =
                        assertThrows(ProtectionException.class, () -> file.read(memory, 0));
                assertBad(e, 1, 5);
                PiMismatch mismatch = assertNotNullMismatch(e);
                assertEquals(EnumSet.of(PiCheck.GUARD), mismatch.failing());
                assertEquals(0, e.bytesDone());
                assertSays(e, "interval=1 position=4096");
                if (transfer != Transfer.PIN) {
                    assertEquals(transfer == Transfer.AUTO ? 1 : 0, file.counts().lazyRereads());
                }
                if (transfer == Transfer.BOUNCE) {
                    assertEquals(0x55, memory.get(ValueLayout.JAVA_BYTE, 0));
                }
                assertEquals(4096, file.read(memory.asSlice(0, 4096), 8192));
            }
        }

        private PiMismatch assertNotNullMismatch(ProtectionException e) {
            PiMismatch mismatch = e.intervals().getFirst().mismatch();
            assertNotNull(mismatch);
            return mismatch;
        }

        @Test
        void chunksBeforeTheBadOneAreDelivered() throws IOException {
            Path path = place.newPath();
            int slot = pool.largestSlot();
            try (DirectFile file = open(path, guarded().transfer(Transfer.BOUNCE))) {
                byte[] data = bytes(2, 3 * slot);
                file.write(heap(data), 0);
                damage(path, slot + 5000);
                byte[] back = new byte[3 * slot];
                Arrays.fill(back, (byte) 0x55);
                ProtectionException e =
                        assertThrows(ProtectionException.class, () -> file.read(heap(back), 0));
                assertEquals(slot, e.bytesDone());
                assertArrayEquals(Arrays.copyOf(data, slot), Arrays.copyOf(back, slot));
                for (int i = slot; i < back.length; i++) {
                    assertEquals(0x55, back[i], "byte " + i);
                }
            }
        }

        @Test
        void severalBlocksIntoOneBufferAreReadLazily() throws IOException {
            Path path = place.newPath();
            byte[] data = bytes(3, 16384);
            MemorySegment block = arena.allocate(4096);
            List<MemorySegment> same = List.of(block, block, block, block);
            try (DirectFile file = open(path, guarded())) {
                file.write(heap(data), 0);
                assertEquals(16384, file.read(same, 0));
                assertArrayEquals(
                        Arrays.copyOfRange(data, 12288, 16384),
                        block.toArray(ValueLayout.JAVA_BYTE));
                assertEquals(1, file.counts().lazyRereads());
            }
        }

        @Test
        void aPartialLastIntervalIsPaddedWithZeros() throws IOException {
            for (Transfer transfer : Transfer.values()) {
                Path path = place.newPath();
                try (DirectFile file = open(path, guarded().transfer(Transfer.BOUNCE))) {
                    file.write(heap(bytes(4, 10_000)), 0);
                    try (DirectFile reader = open(path, guarded().transfer(transfer))) {
                        assertEquals(10_000, reader.read(arena.allocate(16384), 0));
                        damage(path, 9_999);
                        assertThrows(
                                ProtectionException.class,
                                () -> reader.read(arena.allocate(16384), 0));
                    }
                }
            }
        }
    }

    @Nested
    class Writing {

        @Test
        void aPartlyWrittenIntervalIsVerifiedFirst() throws IOException {
            Path path = place.newPath();
            try (DirectFile file = open(path, guarded())) {
                file.write(heap(bytes(1, 16384)), 0);
                damage(path, 4096 + 4000);
                byte[] before = rawContents(path);
                ProtectionException e =
                        assertThrows(
                                ProtectionException.class,
                                () -> file.write(heap(new byte[10]), 4096));
                assertBad(e, 1);
                assertArrayEquals(before, rawContents(path), "nothing is written");
                file.write(heap(bytes(2, 4096)), 4096);
                assertArrayEquals(bytes(2, 4096), read(file, 4096, 4096));
            }
        }

        @Test
        void aLongWriteVerifiesThePartialIntervalAtItsEndBeforeItWrites() throws IOException {
            Path path = place.newPath();
            int length = 2 * pool.largestSlot() + 100;
            try (DirectFile file = open(path, guarded())) {
                file.write(heap(bytes(1, length + 4096)), 0);
                damage(path, length + 50);
                byte[] before = rawContents(path);
                assertThrows(
                        ProtectionException.class, () -> file.write(heap(bytes(2, length)), 0));
                assertArrayEquals(before, rawContents(path), "nothing is written");
            }
        }

        @Test
        void neighboursInTheSameBlockKeepTheirTuples() throws IOException {
            Path path = place.newPath();
            Protection small = Protection.t10(512).memory();
            try (DirectFile file = open(path, options().create().protection(small))) {
                file.write(heap(bytes(1, 8192)), 0);
                damage(path, 1024); // interval 2, which the next write leaves as it is
                file.write(heap(bytes(2, 512)), 3 * 512);
                assertArrayEquals(bytes(2, 512), read(file, 3 * 512, 512));
                ProtectionException e =
                        assertThrows(ProtectionException.class, () -> read(file, 0, 8192));
                assertEquals(2, e.intervals().getFirst().interval());
                assertEquals(1, e.intervals().size());
            }
        }

        @Test
        void memoryThatMovesUnderAPinnedWriteIsCaught() throws IOException {
            Path path = place.newPath();
            MemorySegment memory = pinned(bytes(1, 8192));
            DirectOptions options = guarded().transfer(Transfer.PIN);
            AtomicBoolean armed = new AtomicBoolean(true);
            try (DirectFile file = openHooked(path, options, scribbling(memory, armed))) {
                assertEquals(
                        0, // nothing is known to be written
                        assertThrows(UnstableBufferException.class, () -> file.write(memory, 0))
                                .bytesDone());
                ProtectionException e =
                        assertThrows(
                                ProtectionException.class,
                                () -> file.read(arena.allocate(8192), 0));
                assertBad(e, 0, 1);
                assertNull(e.intervals().getFirst().mismatch());
                file.write(memory, 0);
                assertEquals(8192, file.read(arena.allocate(8192), 0));
            }
        }

        @Test
        void withoutTheCheckTheCallerIsTrusted() throws IOException {
            Path path = place.newPath();
            MemorySegment memory = pinned(bytes(1, 8192));
            DirectOptions options =
                    guarded()
                            .transfer(Transfer.PIN)
                            .protection(PROTECTION.stabilityCheck(StabilityCheck.NONE));
            AtomicBoolean armed = new AtomicBoolean(true);
            try (DirectFile file = openHooked(path, options, scribbling(memory, armed))) {
                file.write(memory, 0);
                assertThrows(ProtectionException.class, () -> file.read(arena.allocate(8192), 0));
            }
        }

        private DirectFile openHooked(Path path, DirectOptions options, Consumer<Submission> before)
                throws IOException {
            return open(path, options, new HookedEngine(place.engine(), before));
        }

        /** Changes each interval of memory during the next write: once, and always. */
        private Consumer<Submission> scribbling(MemorySegment memory, AtomicBoolean armed) {
            return submission -> {
                if (submission.op() == Submission.Op.WRITE && armed.getAndSet(false)) {
                    for (long at = 7; at < memory.byteSize(); at += 4096) {
                        byte old = memory.get(ValueLayout.JAVA_BYTE, at);
                        memory.set(ValueLayout.JAVA_BYTE, at, (byte) (old + 1));
                    }
                }
            };
        }
    }

    @ParameterizedTest
    @EnumSource(PiFormat.class)
    void everyFormatGuardsAFile(PiFormat format) throws IOException {
        Path path = place.newPath();
        Protection protection = Protection.of(PiContext.of(format, 4096)).memory();
        try (DirectFile file = open(path, options().create().protection(protection))) {
            byte[] data = bytes(1, 20_000);
            file.write(heap(data), 1_000);
            file.truncate(100_000);
            assertArrayEquals(data, read(file, 1_000, 20_000));
            assertEquals(50_000, read(file, 50_000, 60_000).length);
            damage(path, 60_000);
            ProtectionException e =
                    assertThrows(ProtectionException.class, () -> read(file, 0, 100_000));
            assertBad(e, 14);
        }
    }

    @Nested
    class Extent {

        @Test
        void dataFromBeforeTheProtectionIsReadUnverified() throws IOException {
            Path path = place.newPath();
            try (DirectFile file = create(path)) {
                file.write(heap(bytes(1, 10_000)), 0);
            }
            try (DirectFile file = open(path, guarded())) {
                assertArrayEquals(bytes(1, 10_000), read(file, 0, 10_000));
                assertEquals(3, file.counts().unverifiedIntervals());
                file.write(heap(bytes(2, 10)), 5000); // a part: the interval stays unprotected
                file.write(heap(bytes(3, 4096)), 0); // whole: guarded from now on
                damage(path, 6000);
                assertEquals(4096, read(file, 4096, 4096).length);
                damage(path, 1);
                assertThrows(ProtectionException.class, () -> read(file, 0, 4096));
            }
        }

        /** A reader has the file open, and remembers the size of that moment. */
        @Test
        void dataWrittenWhileAReaderHasTheFileOpenIsReadUnverified() throws IOException {
            Path path = place.newPath();
            create(path).close();
            try (DirectFile reader = open(path, readOnly())) {
                appendAsAnotherProcess(path);
                try (DirectFile file = open(path, guarded())) {
                    assertEquals(8192, read(file, 0, 10_000).length);
                    assertEquals(2, file.counts().unverifiedIntervals());
                }
                assertEquals(8192, reader.size());
            }
        }

        /** Writes past the end as another process would. */
        private void appendAsAnotherProcess(Path path) {
            int handle = place.engine().open(path, OpenFlags.O_RDWR | OpenFlags.O_DIRECT);
            Submission submission = new Submission();
            submission.prep(Submission.Op.WRITE, new FileHandle(handle), 0);
            submission.add(pinned(bytes(1, 8192)));
            assertEquals(8192, place.engine().transfer(submission));
            place.engine().close(handle);
        }

        @Test
        void holesAndExtensionsAreGuardedAsZeros() throws IOException {
            Path path = place.newPath();
            try (DirectFile file = open(path, guarded())) {
                file.write(heap(bytes(1, 100)), 40_000);
                assertArrayEquals(new byte[40_000], read(file, 0, 40_000));
                damage(path, 12_345);
                ProtectionException e =
                        assertThrows(ProtectionException.class, () -> read(file, 0, 40_000));
                assertBad(e, 3);
                file.truncate(1 << 20);
                assertEquals(4096, read(file, (1 << 20) - 4096, 10_000).length);
                assertEquals(0, file.counts().unverifiedIntervals());
            }
        }

        @Test
        void truncatingInsideAnIntervalVerifiesItFirst() throws IOException {
            Path path = place.newPath();
            try (DirectFile file = open(path, guarded())) {
                byte[] data = bytes(1, 16384);
                file.write(heap(data), 0);
                file.truncate(10_000);
                assertArrayEquals(Arrays.copyOf(data, 10_000), read(file, 0, 20_000));
                damage(path, 5_000);
                assertThrows(ProtectionException.class, () -> file.truncate(6_000));
                assertEquals(10_000, file.size());
                file.truncate(8192);
                file.truncate(4096);
                file.truncate(12_288);
                assertArrayEquals(Arrays.copyOf(data, 4096), read(file, 0, 4096));
                assertArrayEquals(new byte[8192], read(file, 4096, 8192));
            }
        }

        @Test
        void allFilesOnAnInodeHaveTheSameProtection() throws IOException {
            Path path = place.newPath();
            try (DirectFile file = open(path, guarded())) {
                file.write(heap(bytes(1, 8192)), 0);
                IllegalStateException e =
                        assertThrows(IllegalStateException.class, () -> open(path, options()));
                assertSays(e, "wanted=none");
                DirectOptions other =
                        options()
                                .protection(
                                        Protection.of(
                                                        PiContext.t10(4096).toBuilder()
                                                                .appTag(7)
                                                                .build())
                                                .memory());
                assertThrows(IllegalStateException.class, () -> open(path, other));
                try (DirectFile same = open(path, guarded().transfer(Transfer.BOUNCE))) {
                    damage(path, 0);
                    assertThrows(ProtectionException.class, () -> read(same, 0, 4096));
                    assertTrue(same.counts().bouncedReads() > 0);
                }
            }
            try (DirectFile file = open(path, options())) {
                assertEquals(8192, read(file, 0, 8192).length);
            }
        }
    }

    private byte[] rawContents(Path path) throws IOException {
        try (DirectFile file = open(path, readOnly().transfer(Transfer.BOUNCE))) {
            return read(file, 0, Math.toIntExact(file.size()));
        }
    }
}
