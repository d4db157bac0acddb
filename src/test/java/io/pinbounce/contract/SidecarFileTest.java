package io.pinbounce.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.pinbounce.BadInterval.Cause;
import io.pinbounce.DirectFile;
import io.pinbounce.DirectIoException;
import io.pinbounce.DirectOptions;
import io.pinbounce.Protection;
import io.pinbounce.ProtectionException;
import io.pinbounce.SidecarOptions;
import io.pinbounce.SidecarOptions.Existing;
import io.pinbounce.SidecarOptions.Mode;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/** What protection promises that survives the file's being closed. */
class SidecarFileTest extends ContractTest {

    private static final int BLOCK = 4096;

    private static SidecarOptions sidecar(Mode mode) {
        return SidecarOptions.beside().mode(mode).logSize(SidecarOptions.MIN_LOG);
    }

    private DirectOptions guarded(Mode mode) {
        return guarded(sidecar(mode));
    }

    private DirectOptions guarded(SidecarOptions sidecar) {
        return options().create().protection(Protection.t10(BLOCK).sidecar(sidecar));
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void tuplesOutliveTheFile(Mode mode) throws IOException {
        Path path = place.newPath();
        byte[] data = bytes(1, 10 * BLOCK + 100);
        try (DirectFile file = open(path, guarded(mode))) {
            file.write(heap(data), 0);
            file.force();
        }
        Damage.flipBit(place, arena, path, 3 * BLOCK + 5);
        try (DirectFile file = open(path, guarded(mode))) {
            ProtectionException e =
                    assertThrows(ProtectionException.class, () -> read(file, 0, data.length));
            assertEquals(1, e.intervals().size());
            assertEquals(3, e.intervals().getFirst().interval());
            assertEquals(Cause.MISMATCH, e.intervals().getFirst().cause());
            file.write(heap(Arrays.copyOfRange(data, 3 * BLOCK, 4 * BLOCK)), 3 * BLOCK);
            assertArrayEquals(data, read(file, 0, data.length));
        }
        try (DirectFile file = open(path, guarded(mode))) {
            assertArrayEquals(data, read(file, 0, data.length));
            assertEquals(0, file.counts().unverifiedIntervals());
        }
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void manyWritesGoThroughManyCheckpoints(Mode mode) throws IOException {
        Path path = place.newPath();
        byte[] data = bytes(2, 1 << 20);
        try (DirectFile file = open(path, guarded(mode))) {
            file.write(heap(data), 0);
            for (int i = 0; i < 3000; i++) {
                int at = (i * 37 % 256) * BLOCK;
                data[at] = (byte) i;
                file.write(heap(Arrays.copyOfRange(data, at, at + BLOCK)), at);
                if (i % 64 == 0) {
                    file.force();
                }
            }
            assertArrayEquals(data, read(file, 0, data.length));
        }
        try (DirectFile file = open(path, guarded(mode))) {
            assertArrayEquals(data, read(file, 0, data.length));
        }
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void whatIsTruncatedComesBackAsZeros(Mode mode) throws IOException {
        Path path = place.newPath();
        byte[] data = bytes(3, 700 * BLOCK);
        try (DirectFile file = open(path, guarded(mode))) {
            file.write(heap(data), 0);
            file.truncate(600 * BLOCK + 77);
            file.truncate(650 * BLOCK);
            file.write(heap(bytes(4, BLOCK)), 699 * BLOCK);
        }
        Arrays.fill(data, 600 * BLOCK + 77, 699 * BLOCK, (byte) 0);
        System.arraycopy(bytes(4, BLOCK), 0, data, 699 * BLOCK, BLOCK);
        try (DirectFile file = open(path, guarded(mode))) {
            assertArrayEquals(data, read(file, 0, data.length));
            assertEquals(0, file.counts().unverifiedIntervals());
        }
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void dataWithoutSidecarIsRefusedUnlessItStartsUnprotected(Mode mode) throws IOException {
        Path path = place.newPath();
        byte[] data = bytes(5, 20 * BLOCK);
        try (DirectFile file = create(path)) {
            file.write(heap(data), 0);
        }
        assertSays(
                assertThrows(DirectIoException.class, () -> open(path, guarded(mode))),
                "pinbounce seal");
        DirectOptions unprotected = guarded(sidecar(mode).existing(Existing.UNPROTECTED));
        try (DirectFile file = open(path, unprotected)) {
            file.write(heap(Arrays.copyOfRange(data, 4 * BLOCK, 6 * BLOCK)), 4 * BLOCK);
            file.write(heap(new byte[] {data[8 * BLOCK]}), 8 * BLOCK);
            assertArrayEquals(data, read(file, 0, data.length));
            assertEquals(18, file.counts().unverifiedIntervals());
        }
        try (DirectFile file = open(path, unprotected)) {
            assertArrayEquals(data, read(file, 0, data.length));
            assertEquals(18, file.counts().unverifiedIntervals());
        }
    }
}
