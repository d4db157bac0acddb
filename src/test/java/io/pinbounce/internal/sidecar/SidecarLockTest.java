package io.pinbounce.internal.sidecar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.DirectFile;
import io.pinbounce.DirectIoException;
import io.pinbounce.DirectOptions;
import io.pinbounce.DirectQueue;
import io.pinbounce.Engine;
import io.pinbounce.OnEngine;
import io.pinbounce.Protection;
import io.pinbounce.SidecarOptions;
import io.pinbounce.internal.engine.HookedEngine;
import io.pinbounce.internal.engine.IoEngine;
import io.pinbounce.internal.engine.SimulatedEngine;
import io.pinbounce.testing.Background;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/** Which process a lock of a sidecar keeps out, and which calls wait for which. */
class SidecarLockTest {

    private static final Path DATA = Path.of("/disk/data");

    private static final int BLOCK = 4096;

    private final SimulatedEngine engine = new SimulatedEngine(512, 512);

    private static DirectOptions guarded() {
        SidecarOptions sidecar = SidecarOptions.beside().logSize(SidecarOptions.MIN_LOG);
        return DirectOptions.readWrite()
                .create()
                .protection(Protection.t10(BLOCK).sidecar(sidecar));
    }

    /** A process that was killed: the kernel still has the handle that its data went through. */
    private static final class Killed extends HookedEngine {

        private int ofData = -1;

        Killed(IoEngine engine) {
            super(engine, _ -> {});
        }

        @Override
        public int openUnnamed(Path path, int flags) {
            int handle = super.openUnnamed(path, flags);
            if (path.equals(DATA) && ofData < 0) {
                ofData = handle;
            }
            return handle;
        }

        @Override
        public int lock(int handle, Lock mode) {
            return handle == ofData && mode == Lock.NONE ? 0 : super.lock(handle, mode);
        }

        @Override
        public int close(int handle) {
            return handle == ofData ? 0 : super.close(handle);
        }

        void end() {
            super.close(ofData);
        }
    }

    @Test
    void dataThatIsStillUnderWayKeepsTheNextWriterOut() throws IOException {
        Killed killed = new Killed(engine);
        OnEngine.file(DATA, guarded(), killed).close();
        DirectIoException refused =
                assertThrows(DirectIoException.class, () -> OnEngine.file(DATA, guarded(), engine));
        assertTrue(String.valueOf(refused.getMessage()).contains("others have it open"));
        killed.end();
        OnEngine.file(DATA, guarded(), engine).close();
    }

    @Test
    @Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aQueueThatIsNotReapedDoesNotKeepItsOwnerFromCuttingTheFile() throws Exception {
        try (DirectFile file = OnEngine.file(DATA, guarded(), engine);
                DirectQueue queue = OnEngine.queue(4, Engine.AUTO, engine)) {
            file.write(block(200), 0);
            queue.write(file, block(1), 0, 1);
            queue.submit(); // on record, and not in place
            int fill = (int) (2 * SidecarOptions.MIN_LOG / BLOCK);
            Background<Integer> other = Background.call(() -> writeBlocks(file, fill));
            other.awaitWaitingIn("awaitUntil"); // the log is full
            file.truncate(150 * BLOCK + 7);
            assertEquals(fill, other.result());
            queue.await(1, completion -> assertNull(completion.failure()));
        }
    }

    private static int writeBlocks(DirectFile file, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            file.write(block(1), (1 + i % 100) * (long) BLOCK);
        }
        return count;
    }

    private static MemorySegment block(int count) {
        return MemorySegment.ofArray(new byte[count * BLOCK]);
    }
}
