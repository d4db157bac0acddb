package io.pinbounce.simulation;

import io.pinbounce.Bypass;
import io.pinbounce.DirectFile;
import io.pinbounce.DirectIoException;
import io.pinbounce.OnEngine;
import io.pinbounce.SidecarInfo;
import io.pinbounce.SidecarOptions.Mode;
import io.pinbounce.internal.engine.SimulatedDisk;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/**
 * Programs that use the file without its sidecar, or the sidecar without the file: one copies the
 * file, one makes it longer, and one reads what the sidecar says of itself. Each works on a copy of
 * the disk.
 */
final class CutForeignUse {

    private static final Path COPY = Path.of("/disk/copy");

    private final CutSetup setup;

    CutForeignUse(CutSetup setup) {
        this.setup = setup;
    }

    /**
     * Runs each of these programs, and checks that the library refuses what they leave.
     *
     * @param machine its files have been closed in order, or not recovered yet
     */
    void check(CutMachine machine) throws IOException {
        if (setup.reach() == CutSetup.Reach.FAR) {
            return; // reading and copying all of that takes too long
        }
        SidecarInfo info = OnEngine.info(CutSetup.SIDECAR, machine.fork().library());
        if (!info.damage().isEmpty()) {
            throw new AssertionError(
                    "a sidecar is damaged, and nothing has damaged it: " + info.damage());
        }
        requireCopyRefused(machine.fork());
        if (info.clean() || info.mode() == Mode.JOURNAL) {
            requireGrowthRefused(machine.fork());
        }
    }

    private void requireCopyRefused(CutMachine machine) throws IOException {
        SimulatedDisk disk = machine.disk();
        byte[] bytes = disk.contents(CutSetup.DATA);
        try (DirectFile copy = OnEngine.file(COPY, setup.unguarded(), machine.library())) {
            copy.write(MemorySegment.ofArray(bytes), 0);
        }
        requireRefused(machine, COPY, "belongs to other data");
    }

    private void requireGrowthRefused(CutMachine machine) throws IOException {
        try (DirectFile file = machine.open(setup.unguarded().bypass(Bypass.ALLOWED))) {
            file.truncate(2 * setup.limit() + (1 << 20));
        }
        requireRefused(machine, CutSetup.DATA, "longer or shorter");
    }

    private void requireRefused(CutMachine machine, Path path, String reason) throws IOException {
        try (DirectFile file = OnEngine.file(path, setup.writer(Mode.JOURNAL), machine.library())) {
            throw new AssertionError("a sidecar took other data for its own: " + file.size());
        } catch (DirectIoException e) {
            if (!String.valueOf(e.getMessage()).contains(reason)) {
                throw e;
            }
        }
    }
}
