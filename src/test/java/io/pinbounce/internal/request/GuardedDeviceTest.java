package io.pinbounce.internal.request;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.Completion;
import io.pinbounce.DirectFile;
import io.pinbounce.DirectOptions;
import io.pinbounce.DirectQueue;
import io.pinbounce.Engine;
import io.pinbounce.OnEngine;
import io.pinbounce.Transfer;
import io.pinbounce.buffer.PinnedArena;
import io.pinbounce.internal.engine.HookedEngine;
import io.pinbounce.internal.engine.IoRing;
import io.pinbounce.internal.engine.SimulatedEngine;
import io.pinbounce.internal.engine.SimulatedEngine.Outcome;
import io.pinbounce.internal.engine.Submission;
import io.pinbounce.internal.file.Facts;
import io.pinbounce.internal.linux.BlockDevice;
import io.pinbounce.internal.linux.FileFacts;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Writes without protection to the same bytes of a device that keeps protection information. */
class GuardedDeviceTest {

    private static final Path PATH = Path.of("/disk/file");

    private static final int BLOCK = 512;

    private static final int ROUNDS = 50;

    private final SimulatedEngine disk = new SimulatedEngine(BLOCK, BLOCK);

    /** A disk that says of itself what the device does. */
    private static final class On extends HookedEngine {

        private final SimulatedEngine disk;

        private final BlockDevice device;

        On(SimulatedEngine disk, BlockDevice device) {
            super(disk, _ -> {});
            this.disk = disk;
            this.device = device;
        }

        @Override
        public IoRing openRing(int depth) {
            return disk.openRing(depth);
        }

        @Override
        public FileFacts facts(int handle) {
            FileFacts facts = super.facts(handle);
            return new FileFacts(
                    facts.status(),
                    facts.statx(),
                    facts.mount(),
                    List.of(device),
                    facts.inodeFlags(),
                    facts.openFlags(),
                    facts.pageSize(),
                    facts.volume(),
                    facts.upper());
        }
    }

    /** How many of the rounds had a write overtake one to the same bytes that was sent before. */
    private int overtaken(BlockDevice device, Transfer transfer) throws IOException {
        On engine = new On(disk, device);
        DirectOptions options = DirectOptions.readWrite().create().transfer(transfer);
        int overtaken = 0;
        for (int seed = 1; seed <= ROUNDS; seed++) {
            disk.seed(seed);
            List<Long> order = new ArrayList<>();
            try (DirectFile file = OnEngine.file(PATH, options, engine);
                    DirectQueue queue = OnEngine.queue(4, Engine.AUTO, engine);
                    PinnedArena arena = PinnedArena.ofShared()) {
                file.allocate(0, 8 * BLOCK);
                disk.fault(
                        s -> {
                            if (s.op() == Submission.Op.WRITE) {
                                order.add(s.length());
                            }
                            return Outcome.NORMAL;
                        });
                MemorySegment memory = arena.allocate(4 * BLOCK);
                for (int blocks = 1; blocks <= 4; blocks++) {
                    queue.write(file, memory.asSlice(0, blocks * (long) BLOCK), 0, blocks);
                }
                while (queue.pending() > 0) {
                    queue.await(1, Completion::bytes);
                }
            }
            assertEquals(4, order.size());
            overtaken += order.equals(order.stream().sorted().toList()) ? 0 : 1;
        }
        return overtaken;
    }

    @ParameterizedTest
    @EnumSource
    void queuedWritesToAGuardedDeviceFollowEachOther(Transfer transfer) throws IOException {
        BlockDevice device = Facts.guarded(Facts.disk("nvme0n1", BLOCK, BLOCK), "T10-DIF-TYPE1");
        assertEquals(0, overtaken(device, transfer));
    }

    /** The canary: elsewhere they do not, as under pwrite. */
    @Test
    void canaryQueuedWritesToOtherDevicesOvertakeEachOther() throws IOException {
        BlockDevice device = Facts.stable(Facts.disk("sda", BLOCK, BLOCK));
        assertTrue(overtaken(device, Transfer.AUTO) > 0);
        assertTrue(overtaken(device, Transfer.PIN) > 0);
    }
}
