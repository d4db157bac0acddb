package io.pinbounce;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.internal.engine.IoEngine;
import io.pinbounce.internal.linux.Errno;
import io.pinbounce.internal.linux.Faults;
import io.pinbounce.internal.linux.FaultyUring;
import io.pinbounce.internal.linux.LibC;
import io.pinbounce.internal.linux.SystemPosix;
import io.pinbounce.internal.uring.UringEngine;
import io.pinbounce.testing.IoTest;
import io.pinbounce.testing.Requirements;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** What a service does when the kernel has no ring for it now, or no more. */
@Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RingRecoveryTest extends IoTest {

    private static final int BLOCK = 4096;

    private static final int BLOCKS = 64;

    private static final int DEPTH = 4;

    private final Faults faults = new Faults();

    private final FaultyUring uring = new FaultyUring(faults);

    private final IoEngine engine = new UringEngine(LibC.system(), SystemPosix.calls(), uring);

    private final byte[] content = bytes(1, BLOCKS * BLOCK);

    @TempDir private Path folder = Path.of("");

    @BeforeEach
    void needsARing() {
        Host host = Host.probe();
        Requirements.uring(host.ioUring(), host.ioUringReason());
    }

    private DirectFile open(IoService service) throws IOException {
        return open(options().ioService(service));
    }

    private DirectFile open(DirectOptions options) throws IOException {
        Path path = folder.resolve("file");
        Files.write(path, content);
        return DirectFile.open(path, options, engine);
    }

    private DirectOptions options() {
        return DirectOptions.readWrite().directIo(DirectIo.PREFERRED).bouncePool(pool);
    }

    private IoService service(Engine wanted) throws IOException {
        return IoService.open(1, DEPTH, wanted, engine);
    }

    private static void read(DirectFile file, int requests) throws Exception {
        MemorySegment memory = heap(new byte[BLOCK]);
        for (int i = 0; i < requests; i++) {
            assertEquals(BLOCK, file.readAsync(memory, 0).get());
        }
    }

    /** Writes each block, all in flight at once, and reads the file back. */
    private void moveAll(DirectFile file) throws Exception {
        byte[] other = bytes(2, content.length);
        List<CompletableFuture<?>> writes = new ArrayList<>();
        for (int i = 0; i < BLOCKS; i++) {
            MemorySegment block = heap(other).asSlice((long) i * BLOCK, BLOCK);
            writes.add(file.writeAsync(block, (long) i * BLOCK));
        }
        for (CompletableFuture<?> write : writes) {
            write.get();
        }
        MemorySegment back = heap(new byte[content.length]);
        List<CompletableFuture<Long>> reads = new ArrayList<>();
        for (int i = 0; i < BLOCKS; i++) {
            reads.add(file.readAsync(back.asSlice((long) i * BLOCK, BLOCK), (long) i * BLOCK));
        }
        for (CompletableFuture<Long> read : reads) {
            assertEquals(BLOCK, read.get());
        }
        assertArrayEquals(other, (byte[]) back.heapBase().orElseThrow());
    }

    @ParameterizedTest
    @ValueSource(ints = {Errno.EMFILE, Errno.ENFILE, Errno.ENOMEM})
    void theFirstRequestAfterAShortageFindsARing(int errno) throws Exception {
        faults.fail("setup", 1, errno).fail("setup", 2, errno);
        try (IoService service = service(Engine.AUTO);
                DirectFile file = open(service)) {
            assertEquals("threads", service.engine());
            assertTrue(service.engineReason().contains("errno=" + errno), service::engineReason);
            read(file, 1);
            assertEquals("threads", service.engine());
            read(file, 1);
            assertEquals("io_uring", service.engine());
            assertEquals("this process may use io_uring", service.engineReason());
            moveAll(file);
        }
    }

    @Test
    void requestsInFlightGoOnWhenTheRingIsFound() throws Exception {
        for (int i = 1; i <= 10; i++) {
            faults.fail("setup", i, Errno.EMFILE);
        }
        try (IoService service = service(Engine.AUTO);
                DirectFile file = open(service)) {
            moveAll(file);
            assertEquals("io_uring", service.engine());
        }
    }

    /** The tries are counted in requests, so that a shortage that stays costs little. */
    @Test
    void aShortageThatStaysIsAskedForSeldom() throws Exception {
        for (int i = 1; i <= 1000; i++) {
            faults.fail("setup", i, Errno.EMFILE);
        }
        try (IoService service = service(Engine.AUTO);
                DirectFile file = open(service)) {
            read(file, 1000);
            assertEquals("threads", service.engine());
            int tries = faults.calls("setup");
            assertTrue(tries >= 1 + 16 && tries <= 1 + 16 + 1000 / 256 + 1, "tries=" + tries);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {Errno.EPERM, Errno.ENOSYS, Errno.EACCES})
    void aRuleIsFinal(int errno) throws Exception {
        faults.fail("enter", 1, errno);
        try (IoService service = service(Engine.AUTO);
                DirectFile file = open(service)) {
            read(file, 100);
            assertEquals("threads", service.engine());
            assertTrue(service.engineReason().contains("io_uring_enter"), service::engineReason);
            assertEquals(1, faults.calls("setup"));
        }
    }

    /** As when a filter is set while the ring has transfers in flight. */
    @ParameterizedTest
    @ValueSource(ints = {2, 3, 5, 9, 20})
    void threadsTakeOverWhatARingHasInFlightThatMayNotBeEnteredAnyMore(int call) throws Exception {
        for (int i = call; i < call + 1000; i++) {
            faults.fail("enter", i, Errno.EPERM);
        }
        try (IoService service = service(Engine.AUTO);
                DirectFile file = open(service)) {
            moveAll(file);
            assertEquals("threads", service.engine());
            assertTrue(service.engineReason().contains("seccomp"), service::engineReason);
            assertEquals(1, faults.calls("setup"));
        }
    }

    @Test
    void threadsDoNotTakeOverWhereARingIsRequired() throws Exception {
        for (int i = 2; i < 1000; i++) {
            faults.fail("enter", i, Errno.EPERM);
        }
        try (IoService service = service(Engine.REQUIRED_URING);
                DirectFile file = open(service)) {
            ExecutionException e = assertThrows(ExecutionException.class, () -> read(file, 1));
            assertInstanceOf(DirectIoException.class, e.getCause());
            assertEquals("io_uring", service.engine());
        }
    }

    /** A queue has given its requests to its ring; the next one finds out before it has any. */
    @Test
    void aQueueWhoseRingMayNotBeEnteredAnyMoreSaysSoAndTheNextOneUsesThreads() throws Exception {
        for (int i = 2; i < 1000; i++) {
            faults.fail("enter", i, Errno.EPERM);
        }
        try (DirectFile file = open(options())) {
            DirectQueue broken = DirectQueue.open(DEPTH, Engine.AUTO, engine);
            broken.read(file, arena.allocate(BLOCK), 0, 1);
            IOException e = assertThrows(IOException.class, () -> broken.await(1, _ -> {}));
            assertSays(e, "seccomp");
            assertSays(e, "open another");
            assertThrows(IOException.class, broken::close);
            try (DirectQueue next = DirectQueue.open(DEPTH, Engine.AUTO, engine)) {
                assertEquals("threads", next.engine());
                next.read(file, arena.allocate(BLOCK), 0, 1);
                assertEquals(1, next.await(1, _ -> {}));
            }
        }
    }
}
