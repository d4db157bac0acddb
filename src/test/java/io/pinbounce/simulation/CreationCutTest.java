package io.pinbounce.simulation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.DirectFile;
import io.pinbounce.DirectIoException;
import io.pinbounce.DirectOptions;
import io.pinbounce.OnEngine;
import io.pinbounce.Protection;
import io.pinbounce.SidecarOptions;
import io.pinbounce.internal.engine.DiskFaults;
import io.pinbounce.internal.engine.HookedEngine;
import io.pinbounce.internal.engine.IoEngine;
import io.pinbounce.internal.engine.SimulatedEngine;
import io.pinbounce.testing.IoTest;
import io.pinbounce.testing.Seed;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;

/** A file and its sidecar are made, and the process or the power ends between any two steps. */
class CreationCutTest extends IoTest {

    private static final Path DATA = Path.of("/disk/data");

    private static final Path SIDECAR = Path.of("/disk/data.pi");

    private static final byte[] CONTENTS = bytes(1, 8192);

    /** More than any creation takes. */
    private static final int MAX_CALLS = 1000;

    private static final Protection PROTECTION =
            Protection.t10(4096).sidecar(SidecarOptions.beside().logSize(SidecarOptions.MIN_LOG));

    /** What is there before. */
    enum Before {
        NOTHING,
        /** Data was deleted, and its sidecar was not. */
        STALE_SIDECAR
    }

    private enum End {
        KILL,
        POWER_CUT
    }

    private DirectOptions guarded() {
        return DirectOptions.readWrite().bouncePool(pool).protection(PROTECTION);
    }

    private void make(IoEngine engine, DirectOptions options) throws IOException {
        try (DirectFile file = OnEngine.file(DATA, options, engine)) {
            file.write(heap(CONTENTS), 0);
        }
    }

    private void assertGuarded(IoEngine engine, boolean mayBeUnfinished, String where)
            throws IOException {
        DirectOptions reader = DirectOptions.readOnly().bouncePool(pool).protection(PROTECTION);
        try (DirectFile file = OnEngine.file(DATA, reader, engine)) {
            assertEquals(0, file.counts().unverifiedIntervals());
            if (!mayBeUnfinished) {
                assertArrayEquals(CONTENTS, read(file), where);
            }
        }
    }

    private static SimulatedEngine after(Before before, DirectFileMaker maker) throws IOException {
        SimulatedEngine engine = new SimulatedEngine(512, 512);
        if (before == Before.STALE_SIDECAR) {
            maker.make(engine);
            assertEquals(0, engine.remove(DATA));
        }
        return engine;
    }

    private interface DirectFileMaker {

        void make(IoEngine engine) throws IOException;
    }

    private static void endAt(SimulatedEngine engine, End end, int calls, Random random) {
        switch (end) {
            case KILL -> engine.disk().killAt(calls, random);
            case POWER_CUT -> engine.disk().cutPowerAt(calls, random);
        }
    }

    /** Ends the making at its first step, at its second, and so on, until it comes to its end. */
    @ParameterizedTest
    @EnumSource(Before.class)
    void noDataIsThereWithoutItsSidecarWhereverItsMakingEnds(Before before) throws IOException {
        for (End end : End.values()) {
            Set<Boolean> seen = new HashSet<>();
            boolean ended = true;
            for (int calls = 1; ended; calls++) {
                assertTrue(calls < MAX_CALLS, "the making never comes to its end");
                String where = before + " " + end + " calls=" + calls;
                Random random = new Random(Seed.value() + calls);
                SimulatedEngine engine = after(before, e -> make(e, guarded().createNew()));
                endAt(engine, end, calls, random);
                ended = endsWhileMaking(engine);
                SimulatedEngine next = ended ? engine.restart() : engine;
                next.disk().keepPower();
                boolean there = next.status(DATA).errno() == 0;
                seen.add(there);
                if (there) {
                    assertGuarded(next, /* mayBeUnfinished= */ ended, where);
                }
                make(next, there ? guarded().create() : guarded().createNew());
                assertGuarded(next, /* mayBeUnfinished= */ false, where);
                assertEquals(Set.of(DATA, SIDECAR), next.disk().files(), where);
                assertEquals(0, next.openHandles(), where);
            }
            assertEquals(
                    Set.of(true, false), seen, "it ended before the name was given, and after");
        }
    }

    private boolean endsWhileMaking(SimulatedEngine engine) {
        try {
            make(engine, guarded().createNew());
            return engine.isDead();
        } catch (IOException e) {
            assertTrue(engine.isDead(), String.valueOf(e.getMessage()));
            return true;
        }
    }

    /** The canary: a library that gives the data its name first is found out. */
    @Test
    void dataThatHasItsNameFirstIsFoundWithoutItsSidecar() throws IOException {
        int withoutSidecar = 0;
        for (int calls = 1; calls < 100; calls++) {
            SimulatedEngine engine = new SimulatedEngine(512, 512);
            engine.disk().killAt(calls, new Random(calls));
            IoEngine hasty =
                    new HookedEngine(engine, _ -> {}) {
                        @Override
                        public int openUnnamed(Path path, int flags) {
                            int handle = super.openUnnamed(path, flags);
                            if (handle >= 0 && path.equals(DATA)) {
                                super.link(handle, path);
                            }
                            return handle;
                        }

                        @Override
                        public int link(int handle, Path path) {
                            return path.equals(DATA) ? 0 : super.link(handle, path);
                        }
                    };
            try {
                make(hasty, guarded().createNew());
            } catch (IOException e) {
                assertTrue(engine.isDead(), String.valueOf(e.getMessage()));
            }
            if (engine.isDead()) {
                SimulatedEngine next = engine.restart();
                boolean there = next.status(DATA).errno() == 0;
                boolean sidecar = next.status(SIDECAR).errno() == 0;
                withoutSidecar += there && !sidecar ? 1 : 0;
            }
        }
        assertTrue(withoutSidecar > 0);
    }

    @Test
    void aMakingThatFailsAtAnyStepLeavesNothingAndSucceedsWhenTheCauseIsGone() throws IOException {
        for (int failing = 1; failing < MAX_CALLS; failing++) {
            SimulatedEngine engine = new SimulatedEngine(512, 512);
            int at = failing;
            int[] calls = {0};
            engine.disk().faults().once(DiskFaults.Kind.EIO, call -> ++calls[0] == at);
            boolean failed = false;
            try (DirectFile file = OnEngine.file(DATA, guarded().createNew(), engine)) {
                assertEquals(0, file.size());
            } catch (DirectIoException e) {
                failed = true;
                assertSays(e, "errno=EIO");
            }
            assertEquals(0, engine.openHandles());
            if (!failed && calls[0] < at) {
                return;
            }
            if (failed && engine.status(DATA).errno() != 0) {
                assertEquals(Set.of(), engine.disk().files(), "failing=" + failing);
            }
            make(engine, guarded().create());
            assertGuarded(engine, false, "failing=" + failing);
        }
        throw new AssertionError("no making without a failure");
    }
}
