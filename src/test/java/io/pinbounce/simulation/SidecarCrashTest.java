package io.pinbounce.simulation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.DirectFile;
import io.pinbounce.DirectIoException;
import io.pinbounce.DirectOptions;
import io.pinbounce.DirectQueue;
import io.pinbounce.Engine;
import io.pinbounce.OnEngine;
import io.pinbounce.Protection;
import io.pinbounce.ProtectionException;
import io.pinbounce.SidecarOptions;
import io.pinbounce.SidecarOptions.Existing;
import io.pinbounce.SidecarOptions.Mode;
import io.pinbounce.internal.engine.DiskCall;
import io.pinbounce.internal.engine.DiskFaults;
import io.pinbounce.internal.engine.PowerCut.Mood;
import io.pinbounce.internal.engine.SimulatedDisk;
import io.pinbounce.internal.engine.SimulatedEngine;
import io.pinbounce.testing.IoTest;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/** Crashes that {@link SidecarCutTest} has found to end badly, each by itself. */
class SidecarCrashTest extends IoTest {

    private static final Path DATA = Path.of("/disk/data");

    private static final Path SIDECAR = Path.of("/disk/data.pi");

    private static final int INTERVAL = 4096;

    private final Random random = new Random(1);

    private DirectOptions options(Mode mode) {
        SidecarOptions sidecar =
                SidecarOptions.beside().mode(mode).logSize(SidecarOptions.MIN_LOG);
        return DirectOptions.readWrite()
                .create()
                .bouncePool(pool)
                .protection(Protection.t10(INTERVAL).sidecar(sidecar));
    }

    private void assertReads(byte[] expected, Mode mode, SimulatedEngine engine)
            throws IOException {
        try (DirectFile file = OnEngine.file(DATA, options(mode), engine)) {
            assertArrayEquals(expected, read(file));
            assertEquals(0, file.counts().unverifiedIntervals());
        }
    }

    @ParameterizedTest
    @CsvSource({"512, 1", "512, 511", "4096, 1", "4096, 512", "4096, 3584"})
    void dataThatEndsInsideABlockIsRecovered(int block, int tail) throws IOException {
        SimulatedEngine engine = new SimulatedEngine(512, block);
        byte[] data = bytes(random, 2 * INTERVAL + tail);
        DirectFile file = OnEngine.file(DATA, options(Mode.JOURNAL), engine);
        file.write(heap(data), 0);
        file.force();
        engine.disk().powerCut(Mood.NOTHING, random);
        assertThrows(DirectIoException.class, file::close);
        assertReads(data, Mode.JOURNAL, engine.restart());
    }

    @ParameterizedTest
    @EnumSource
    void whatIsForcedByCuttingPaddingOffVerifies(Mode mode) throws IOException {
        SimulatedEngine engine = new SimulatedEngine(512, 512);
        byte[] data = bytes(random, INTERVAL + 1000);
        DirectFile file = OnEngine.file(DATA, options(mode), engine);
        try (DirectQueue queue = OnEngine.queue(1, Engine.AUTO, engine)) {
            queue.writeAndForce(file, heap(data), 0, 1);
            queue.await(1, done -> assertEquals(data.length, done.bytes()));
        }
        engine.disk().powerCut(Mood.NOTHING, random);
        assertThrows(DirectIoException.class, file::close);
        assertReads(data, mode, engine.restart());
    }

    /** Tuples that a killed process has left in a cache are as good as those on the disk. */
    @ParameterizedTest
    @EnumSource
    void whatARecoveryReadsFromTheCacheIsDurableAfterIt(Mode mode) throws IOException {
        boolean survives = false;
        for (int call = 1; !survives; call++) {
            SimulatedEngine engine = new SimulatedEngine(512, 512);
            SimulatedDisk disk = engine.disk();
            DirectFile file = OnEngine.file(DATA, options(mode), engine);
            file.write(heap(bytes(random, 2 * INTERVAL)), 0);
            file.truncate(600L * INTERVAL);
            file.close(); // there is a page of tuples, and it is not that of the end
            file = OnEngine.file(DATA, options(mode), engine);
            file.write(heap(bytes(random, INTERVAL)), 0);
            disk.killAt(call, random);
            survives = closes(file);
            disk.keepPower();
            engine = survives ? engine : engine.restart();
            file = OnEngine.file(DATA, options(mode), engine);
            byte[] left;
            try {
                left = read(file);
            } catch (ProtectionException e) {
                assertTrue(mode == Mode.NONE, "a cut in mode JOURNAL: " + e.getMessage());
                left = new byte[0];
            }
            disk.powerCut(Mood.NOTHING, random);
            assertThrows(DirectIoException.class, file::close);
            if (left.length > 0) {
                assertReads(left, mode, engine.restart());
            }
        }
    }

    private static boolean closes(DirectFile file) {
        try {
            file.close();
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    /** Unprotected data that is cut off inside an interval is whole, or as it was. */
    @Test
    void aCutThroughUnprotectedDataIsOnRecord() throws IOException {
        boolean survives = false;
        for (int call = 1; !survives; call++) {
            SimulatedEngine engine = new SimulatedEngine(512, 512);
            byte[] data = bytes(random, INTERVAL);
            try (DirectFile file =
                    OnEngine.file(
                            DATA, DirectOptions.readWrite().create().bouncePool(pool), engine)) {
                file.write(heap(data), 0);
                file.force();
            }
            DirectFile file = OnEngine.file(DATA, unprotected(), engine);
            file.write(heap(bytes(random, 100)), 1000); // it stays unprotected
            engine.disk().cutPowerAt(call, Mood.EVERYTHING, random);
            survives = truncates(file, 3000);
            engine.disk().keepPower();
            if (!survives) {
                assertThrows(DirectIoException.class, file::close);
                file = OnEngine.file(DATA, unprotected(), engine.restart());
            }
            assertEquals(file.size(), read(file).length);
            assertEquals(1, file.counts().unverifiedIntervals());
            file.close();
        }
    }

    /** A sidecar that a killed process had begun to make loses nothing that is written later. */
    @Test
    void aSidecarWhoseMakerWasKilledIsWhole() throws IOException {
        boolean survives = false;
        for (int call = 1; !survives; call++) {
            SimulatedEngine engine = new SimulatedEngine(512, 512);
            engine.disk().killAt(call, random);
            survives = opens(engine);
            engine.disk().keepPower();
            engine = survives ? engine : engine.restart();
            DirectFile file = OnEngine.file(DATA, options(Mode.JOURNAL), engine);
            engine.disk().powerCut(Mood.NOTHING, random);
            assertThrows(DirectIoException.class, file::close);
            assertEquals(List.of(), OnEngine.info(SIDECAR, engine.restart()).damage());
        }
    }

    /**
     * The name of a file that a killed process made stays, once the next process made a sidecar.
     */
    @Test
    void aSidecarIsNotMoreDurableThanTheNameOfItsData() throws IOException {
        boolean survives = false;
        for (int killed = 1; !survives; killed++) {
            boolean opens = false;
            for (int cut = 1; !opens; cut++) {
                SimulatedEngine engine = new SimulatedEngine(512, 512);
                engine.disk().killAt(killed, random);
                survives = opens(engine);
                engine.disk().keepPower();
                engine = survives ? engine : engine.restart();
                engine.disk().cutPowerAt(cut, Mood.NOTHING, random);
                opens = opens(engine);
                engine.disk().keepPower();
                assertReads(new byte[0], Mode.JOURNAL, opens ? engine : engine.restart());
            }
        }
    }

    private boolean opens(SimulatedEngine engine) {
        return opens(engine, options(Mode.JOURNAL));
    }

    private static boolean opens(SimulatedEngine engine, DirectOptions options) {
        try (DirectFile file = OnEngine.file(DATA, options, engine)) {
            return file.size() >= 0;
        } catch (IOException _) {
            return false;
        }
    }

    @Test
    void aSidecarIsNotMoreDurableThanDataThatWasThereBefore() throws IOException {
        boolean survives = false;
        for (int cut = 1; !survives; cut++) {
            SimulatedEngine engine = new SimulatedEngine(512, 512);
            DirectOptions unguarded = DirectOptions.readWrite().create().bouncePool(pool);
            try (DirectFile file = OnEngine.file(DATA, unguarded, engine)) {
                file.write(heap(bytes(random, 3 * INTERVAL)), 0); // it is not forced
            }
            engine.disk().cutPowerAt(cut, Mood.NOTHING, random);
            survives = opens(engine, unprotected());
            engine.disk().keepPower();
            engine = survives ? engine : engine.restart();
            try (DirectFile file = OnEngine.file(DATA, unprotected(), engine)) {
                assertEquals(file.size(), read(file).length);
            }
        }
    }

    private DirectOptions unprotected() {
        SidecarOptions sidecar = SidecarOptions.beside().existing(Existing.UNPROTECTED);
        return DirectOptions.readWrite()
                .bouncePool(pool)
                .protection(Protection.t10(INTERVAL).sidecar(sidecar));
    }

    private static boolean truncates(DirectFile file, long size) {
        try {
            file.truncate(size);
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    @Test
    void aQueueWaitsForNoTransferOfARequestThatHasFailedWithoutOne() {
        assertTimeoutPreemptively(Duration.ofMinutes(1), this::failWhileWaiting);
    }

    private void failWhileWaiting() throws IOException {
        SimulatedEngine engine = new SimulatedEngine(512, 512);
        DirectFile file = OnEngine.file(DATA, options(Mode.JOURNAL), engine);
        file.truncate(16L * INTERVAL); // else one would wait for the other's size lock
        byte[] data = bytes(random, INTERVAL);
        try (DirectQueue queue = OnEngine.queue(2, Engine.AUTO, engine)) {
            queue.write(file, heap(data), 0, 1);
            engine.disk().faults().once(DiskFaults.Kind.EIO, SidecarCrashTest::isOfLog);
            assertThrows(DirectIoException.class, () -> file.write(heap(data), 8L * INTERVAL));
            // The intent of the queue's write went to the log with that of the other.
            queue.await(1, done -> assertThrows(DirectIoException.class, done::bytes));
        }
        assertThrows(DirectIoException.class, file::close);
    }

    private static boolean isOfLog(DiskCall call) {
        return call.kind() == DiskCall.Kind.WRITE && call.path().equals(SIDECAR);
    }
}
