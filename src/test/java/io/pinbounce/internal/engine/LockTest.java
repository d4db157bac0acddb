package io.pinbounce.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.internal.engine.IoEngine.Lock;
import io.pinbounce.internal.linux.Errno;
import io.pinbounce.internal.linux.OpenFlags;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** File locks of the simulated disk and of the machine's kernel behave alike. */
class LockTest {

    @TempDir private Path folder;

    private final List<Runnable> open = new ArrayList<>();

    @AfterEach
    void closeAll() {
        open.forEach(Runnable::run);
    }

    static Stream<IoEngine> engines() {
        return Stream.of(IoEngine.blocking(), new SimulatedEngine(512, 512));
    }

    private int open(IoEngine engine, String name) {
        int flags = OpenFlags.O_RDWR | OpenFlags.O_CREAT;
        int handle = engine.open(folder.resolve(name), flags);
        assertTrue(handle >= 0, "errno=" + -handle);
        open.add(() -> engine.close(handle));
        return handle;
    }

    @ParameterizedTest
    @MethodSource("engines")
    void anExclusiveLockExcludesOtherHandlesUntilItsHandleIsClosed(IoEngine engine) {
        int first = engine.open(folder.resolve("a"), OpenFlags.O_RDWR | OpenFlags.O_CREAT);
        int second = open(engine, "a");
        assertEquals(0, engine.lock(first, Lock.EXCLUSIVE));
        assertEquals(0, engine.lock(first, Lock.EXCLUSIVE));
        assertEquals(-Errno.EAGAIN, engine.lock(second, Lock.EXCLUSIVE));
        assertEquals(-Errno.EAGAIN, engine.lock(second, Lock.SHARED));
        assertEquals(0, engine.lock(open(engine, "b"), Lock.EXCLUSIVE));
        assertEquals(0, engine.close(first));
        assertEquals(0, engine.lock(second, Lock.EXCLUSIVE));
    }

    @ParameterizedTest
    @MethodSource("engines")
    void sharedLocksExcludeOnlyExclusiveOnes(IoEngine engine) {
        int first = open(engine, "a");
        int second = open(engine, "a");
        assertEquals(0, engine.lock(first, Lock.SHARED));
        assertEquals(0, engine.lock(second, Lock.SHARED));
        assertEquals(-Errno.EAGAIN, engine.lock(open(engine, "a"), Lock.EXCLUSIVE));
    }

    /** The kernel gives up the old mode before it asks for the new one. */
    @ParameterizedTest
    @MethodSource("engines")
    void aLockThatCannotChangeItsModeIsLost(IoEngine engine) {
        int first = open(engine, "a");
        int second = open(engine, "a");
        assertEquals(0, engine.lock(first, Lock.SHARED));
        assertEquals(0, engine.lock(second, Lock.SHARED));
        assertEquals(-Errno.EAGAIN, engine.lock(second, Lock.EXCLUSIVE));
        assertEquals(0, engine.lock(first, Lock.EXCLUSIVE));
    }

    @ParameterizedTest
    @MethodSource("engines")
    void aLockThatIsGivenBackExcludesNoOtherHandle(IoEngine engine) {
        int first = open(engine, "a");
        int second = open(engine, "a");
        assertEquals(0, engine.lock(first, Lock.EXCLUSIVE));
        assertEquals(0, engine.lock(first, Lock.NONE));
        assertEquals(0, engine.lock(first, Lock.NONE));
        assertEquals(0, engine.lock(second, Lock.EXCLUSIVE));
        assertEquals(-Errno.EAGAIN, engine.lock(first, Lock.SHARED));
    }

    @ParameterizedTest
    @MethodSource("engines")
    void aLockChangesItsModeWhenItIsAlone(IoEngine engine) {
        int first = open(engine, "a");
        int second = open(engine, "a");
        assertEquals(0, engine.lock(first, Lock.EXCLUSIVE));
        assertEquals(0, engine.lock(first, Lock.SHARED));
        assertEquals(0, engine.lock(second, Lock.SHARED));
    }

    @Test
    void takingALockWaitsForAHandleThatGivesItBackSoon() throws InterruptedException {
        boolean waited = false;
        for (int i = 0;
                i < 100 && !waited;
                i++) { // on a busy machine the lock may be given back too late
            waited = isWaitedFor(IoEngine.blocking());
        }
        assertTrue(waited);
    }

    private boolean isWaitedFor(IoEngine engine) throws InterruptedException {
        int first = engine.open(folder.resolve("a"), OpenFlags.O_RDWR | OpenFlags.O_CREAT);
        int second = engine.open(folder.resolve("a"), OpenFlags.O_RDWR);
        assertEquals(0, engine.lock(first, Lock.EXCLUSIVE));
        Thread giver =
                Thread.startVirtualThread(
                        () -> {
                            LockSupport.parkNanos(50_000_000);
                            engine.close(first);
                        });
        int result = engine.lock(second, Lock.EXCLUSIVE);
        giver.join();
        engine.close(second);
        return result == 0;
    }
}
