package io.pinbounce.contract;

import static io.pinbounce.SidecarOptions.Existing.UNPROTECTED;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.DirectFile;
import io.pinbounce.DirectIoException;
import io.pinbounce.DirectOptions;
import io.pinbounce.OnEngine;
import io.pinbounce.Protection;
import io.pinbounce.ProtectionException;
import io.pinbounce.SidecarOptions;
import io.pinbounce.internal.engine.HookedEngine;
import io.pinbounce.internal.engine.IoEngine;
import io.pinbounce.internal.engine.SimulatedEngine;
import io.pinbounce.internal.linux.Errno;
import io.pinbounce.internal.linux.OpenFlags;
import io.pinbounce.testing.IoTest;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/** A writer that joins readers, or leaves them, while some call fails. */
class SharedSidecarFaultTest extends IoTest {

    private static final Path DATA = Path.of("/disk/data");

    private static final Path SIDECAR = Path.of("/disk/data.pi");

    private static final int BLOCK = 4096;

    private static final int SIZE = 700 * BLOCK + 100;

    private static final Protection PROTECTION =
            Protection.t10(BLOCK).sidecar(SidecarOptions.beside().logSize(SidecarOptions.MIN_LOG));

    private DirectFile reader(IoEngine engine) throws IOException {
        return OnEngine.file(DATA, guarded(DirectOptions.readOnly()), engine);
    }

    private DirectFile writer(IoEngine engine) throws IOException {
        return OnEngine.file(DATA, guarded(DirectOptions.readWrite().create()), engine);
    }

    private DirectOptions guarded(DirectOptions options) {
        return options.bouncePool(pool).protection(PROTECTION);
    }

    /** A disk whose writer was killed: its sidecar has to be recovered. */
    private SimulatedEngine killed(byte[] data) throws IOException {
        SimulatedEngine engine = new SimulatedEngine(512, 4096);
        DirectFile killed = writer(engine);
        killed.write(heap(data), 0);
        killed.force();
        Arrays.fill(data, 5 * BLOCK, 600 * BLOCK, (byte) 9);
        killed.write(heap(Arrays.copyOfRange(data, 5 * BLOCK, 600 * BLOCK)), 5 * BLOCK);
        engine.disk().kill(new Random(1));
        try {
            killed.close();
        } catch (IOException _) {
            // The process has ended.
        }
        return new SimulatedEngine(engine.disk());
    }

    private static void assertReads(byte[] expected, DirectFile file) throws IOException {
        assertArrayEquals(expected, read(file, 0, expected.length + BLOCK));
        assertEquals(0, file.counts().unverifiedIntervals());
    }

    @Test
    void aWriterRecoversWhatReadersOnlyOverlaid() throws IOException {
        byte[] data = bytes(1, SIZE);
        SimulatedEngine engine = killed(data);
        try (DirectFile reader = reader(engine)) {
            assertReads(data, reader);
            assertFalse(OnEngine.info(SIDECAR, engine).clean());
            try (DirectFile writer = writer(engine)) {
                assertReads(data, reader);
                writer.write(heap(new byte[BLOCK]), 7 * BLOCK);
                Arrays.fill(data, 7 * BLOCK, 8 * BLOCK, (byte) 0);
            }
            assertReads(data, reader);
            assertTrue(OnEngine.info(SIDECAR, engine).clean());
        }
    }

    /** Whichever call fails, the readers go on, nothing is left open, and a retry works. */
    @Test
    void readersGoOnIfTheWriterCannotOpen() throws IOException {
        byte[] data = bytes(1, SIZE);
        SimulatedEngine disk = killed(data);
        Set<String> failures = new TreeSet<>();
        String failed;
        int calls = 0;
        do {
            failed = openWithFailure(calls++, data, new SimulatedEngine(disk.disk().copy()));
            failures.add(failed);
        } while (!failed.isEmpty());
        assertTrue(failures.size() > 8, failures.toString());
    }

    private String openWithFailure(int call, byte[] data, SimulatedEngine engine)
            throws IOException {
        FailingCall failing = new FailingCall(engine);
        byte[] expected = data.clone();
        try (DirectFile reader = reader(failing)) {
            failing.arm(call);
            try {
                DirectFile writer = writer(failing);
                failing.disarm();
                writer.close();
            } catch (DirectIoException e) {
                assertFalse(failing.disarm().isEmpty(), e.toString());
            }
            String failed = failing.disarm();
            assertReads(expected, reader);
            assertLocked(engine);
            try (DirectFile writer = writer(failing)) {
                Arrays.fill(expected, 3 * BLOCK, 4 * BLOCK, (byte) 3);
                writer.write(heap(Arrays.copyOfRange(expected, 3 * BLOCK, 4 * BLOCK)), 3 * BLOCK);
                assertReads(expected, reader);
            }
            assertReads(expected, reader);
            assertLocked(engine);
            return failed;
        } finally {
            assertEquals(0, engine.openHandles());
            try (DirectFile file = writer(engine)) {
                assertReads(expected, file);
            }
        }
    }

    private static void assertLocked(SimulatedEngine engine) {
        for (Path path : new Path[] {DATA, SIDECAR}) {
            int handle = engine.open(path, OpenFlags.O_RDWR);
            assertEquals(-Errno.EAGAIN, engine.lock(handle, IoEngine.Lock.EXCLUSIVE));
            assertEquals(0, engine.lock(handle, IoEngine.Lock.SHARED));
            engine.close(handle);
        }
    }

    /**
     * The power fails at each call in turn, while writers join a reader and leave it: what was
     * forced is there, and each block is one whole version, or known to be torn.
     */
    @Test
    void noCutWhileWritersComeAndGoLosesWhatWasForced() throws IOException {
        SimulatedEngine start = new SimulatedEngine(512, 4096);
        try (DirectFile file = writer(start)) {
            file.write(heap(versions(0, 0)), 0);
            file.force();
        }
        int call = 1;
        while (cutAt(call, new SimulatedEngine(start.disk().copy()))) {
            call++;
        }
        assertTrue(call > 50, "calls=" + call);
    }

    /** The blocks of a file of two: each is filled with its version. */
    private static byte[] versions(int first, int second) {
        byte[] bytes = new byte[2 * BLOCK];
        Arrays.fill(bytes, 0, BLOCK, (byte) first);
        Arrays.fill(bytes, BLOCK, 2 * BLOCK, (byte) second);
        return bytes;
    }

    /** Returns whether the power failed. */
    private boolean cutAt(int call, SimulatedEngine engine) throws IOException {
        engine.disk().cutPowerAt(call, new Random(call));
        int[] forced = {0, 0}; // the version of each block that is durable
        int[] written = {0, 0};
        boolean isCut = false;
        List<DirectFile> files = new ArrayList<>();
        try {
            files.add(reader(engine));
            for (int version = 1; version <= 3; version++) {
                DirectFile writer = writer(engine);
                files.add(writer);
                written[0] = version;
                writer.write(heap(filled(version)), 0);
                writer.force();
                forced[0] = version;
                written[1] = version;
                writer.write(heap(filled(version)), BLOCK);
                writer.close();
                forced[1] = version;
                assertReads(versions(version, version), files.getFirst());
            }
        } catch (IOException _) {
            isCut = true;
        }
        for (DirectFile file : files) {
            try {
                file.close();
            } catch (IOException _) {
                isCut = true;
            }
        }
        engine.disk().keepPower();
        SimulatedEngine after = new SimulatedEngine(engine.disk());
        try (DirectFile reader = reader(after)) {
            assertWhole(reader, forced, written, call);
            writer(after).close();
            assertWhole(reader, forced, written, call);
        }
        return isCut;
    }

    private static void assertWhole(DirectFile file, int[] forced, int[] written, int call)
            throws IOException {
        for (int block = 0; block < 2; block++) {
            String where = "block=" + block + " call=" + call;
            try {
                byte[] found = read(file, (long) block * BLOCK, BLOCK);
                assertArrayEquals(filled(found[0]), found, where);
                assertTrue(found[0] >= forced[block] && found[0] <= written[block], where);
            } catch (ProtectionException e) {
                assertTrue(forced[block] < written[block], where + " " + e);
            }
        }
    }

    private static byte[] filled(int value) {
        byte[] bytes = new byte[BLOCK];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    /** Whichever call fails, the readers go on, other processes may read, and a writer recovers. */
    @Test
    void readersGoOnIfTheWriterCannotLeaveInOrder() throws IOException {
        Set<String> failures = new TreeSet<>();
        String failed;
        int calls = 0;
        do {
            failed = leaveWithFailure(calls++);
            failures.add(failed);
        } while (!failed.isEmpty());
        assertTrue(failures.size() > 2, failures.toString());
    }

    private String leaveWithFailure(int call) throws IOException {
        SimulatedEngine engine = new SimulatedEngine(512, 4096);
        FailingCall failing = new FailingCall(engine);
        byte[] data = bytes(2, SIZE);
        try (DirectFile first = writer(failing)) {
            first.write(heap(data), 0);
        }
        try (DirectFile reader = reader(failing)) {
            DirectFile writer = writer(failing);
            Arrays.fill(data, 5 * BLOCK, 6 * BLOCK, (byte) 9);
            writer.write(heap(Arrays.copyOfRange(data, 5 * BLOCK, 6 * BLOCK)), 5 * BLOCK);
            failing.arm(call);
            try {
                writer.close();
            } catch (DirectIoException _) {
                assertFalse(failing.disarm().isEmpty());
            }
            String failed = failing.disarm();
            if (failed.startsWith("lock")) {
                assertSays(
                        assertThrows(DirectIoException.class, () -> read(reader, 0, BLOCK)),
                        "close all files that this process has open on the data");
            } else {
                assertReads(data, reader);
                DirectFile other = reader(new HookedEngine(engine, _ -> {}));
                assertReads(data, other);
                other.close();
            }
            writer(failing).close();
            assertReads(data, reader);
            return failed;
        }
    }

    /** Another process became the writer while this one tried to: its data would look damaged. */
    @Test
    void readersThatLostTheirLockSaySoUntilTheyAreOpenedAgain() throws IOException {
        SimulatedEngine engine = new SimulatedEngine(512, 4096);
        byte[] data = bytes(3, SIZE);
        try (DirectFile first = writer(engine)) {
            first.write(heap(data), 0);
        }
        Overtaken overtaken = new Overtaken(engine);
        DirectFile reader = reader(overtaken);
        overtaken.isOvertaken = true;
        assertThrows(DirectIoException.class, () -> writer(overtaken).close());
        DirectFile other = writer(new HookedEngine(engine, _ -> {}));
        other.write(heap(new byte[BLOCK]), 0);
        Arrays.fill(data, 0, BLOCK, (byte) 0);
        assertSays(
                assertThrows(DirectIoException.class, () -> read(reader, 0, BLOCK)),
                "close all files that this process has open on the data");
        other.close();
        reader.close();
        overtaken.isOvertaken = false;
        try (DirectFile again = reader(overtaken)) {
            assertReads(data, again);
        }
    }

    /** This process loses all its locks when it asks to change one, and gets none back. */
    private static final class Overtaken extends HookedEngine {

        private final List<Integer> handles = new ArrayList<>();

        private boolean isOvertaken;

        Overtaken(IoEngine engine) {
            super(engine, _ -> {});
        }

        @Override
        public int lock(int handle, Lock mode) {
            if (!isOvertaken) {
                handles.add(handle);
                return super.lock(handle, mode);
            }
            handles.forEach(each -> super.lock(each, Lock.NONE));
            handles.clear();
            return mode == Lock.NONE ? 0 : -Errno.EAGAIN;
        }
    }

    /** Without attributes, nothing but the readers' own sidecar tells that the data had one. */
    @Test
    void aWriterMakesNoSidecarThatReadersDoNotHave() throws IOException {
        SimulatedEngine engine = new SimulatedEngine(512, 4096);
        IoEngine without =
                new HookedEngine(engine, _ -> {}) {
                    @Override
                    public long attribute(int handle, String name, MemorySegment value) {
                        return -Errno.EOPNOTSUPP;
                    }

                    @Override
                    public int setAttribute(int handle, String name, MemorySegment value) {
                        return -Errno.EOPNOTSUPP;
                    }
                };
        Protection unprotected =
                Protection.t10(BLOCK).sidecar(SidecarOptions.beside().existing(UNPROTECTED));
        DirectOptions writing = guarded(DirectOptions.readWrite().create());
        try (DirectFile file = OnEngine.file(DATA, writing.protection(unprotected), without)) {
            file.write(heap(bytes(5, SIZE)), 0);
        }
        DirectOptions reading = guarded(DirectOptions.readOnly()).protection(unprotected);
        try (DirectFile reader = OnEngine.file(DATA, reading, without)) {
            engine.remove(SIDECAR);
            assertSays(
                    assertThrows(
                            DirectIoException.class,
                            () -> OnEngine.file(DATA, writing.protection(unprotected), without)),
                    "close those first");
            assertEquals(Errno.ENOENT, engine.status(SIDECAR).errno());
            assertReads(bytes(5, SIZE), reader);
        }
    }

    /** The sidecar that readers have is the only one that a writer may go on with. */
    @Test
    void aSidecarThatWasReplacedIsRefused(@TempDir Path folder) throws IOException {
        Path data = folder.resolve("data");
        Path other = folder.resolve("other");
        DirectOptions writing = guarded(DirectOptions.readWrite().create());
        for (Path path : new Path[] {data, other}) {
            try (DirectFile file = DirectFile.open(path, writing)) {
                file.write(heap(bytes(4, SIZE)), 0);
            }
        }
        try (DirectFile reader = DirectFile.open(data, guarded(DirectOptions.readOnly()))) {
            Files.move(
                    Path.of(other + ".pi"),
                    Path.of(data + ".pi"),
                    StandardCopyOption.REPLACE_EXISTING);
            assertThrows(DirectIoException.class, () -> DirectFile.open(data, writing).close());
            assertReads(bytes(4, SIZE), reader);
        }
    }
}
