package io.pinbounce.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.buffer.PinnedArena;
import io.pinbounce.internal.engine.Submission.Op;
import io.pinbounce.internal.linux.OpenFlags;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Base of the tests of rings: an open file, memory confined to the owner, and shared methods. No
 * wait is endless, so that a transfer that a ring loses fails the test and does not hang it.
 */
@ParameterizedClass(name = "{0}")
@MethodSource("kinds")
abstract class RingTests {

    static final int BLOCK = 512;

    static final long PATIENCE = TimeUnit.MINUTES.toNanos(5);

    /** A transfer on it fails with EBADF, which is 9 in asm-generic/errno-base.h. */
    static final FileHandle NO_FILE = new FileHandle(1 << 20);

    static final int EBADF = 9;

    @Parameter
    @SuppressWarnings("NullAway.Init") // set by JUnit before anything else runs
    RingKind kind;

    final PinnedArena arena = PinnedArena.ofConfined();

    final Submission submission = new Submission();

    @SuppressWarnings("NullAway.Init") // set before each test
    IoEngine engine;

    FileHandle file = NO_FILE;

    private Path folder = Path.of("");

    @BeforeEach
    final void openFile() throws IOException {
        folder = Files.createTempDirectory(Path.of("target"), "ring");
        engine = kind.engine().get();
        file = open(folder.resolve("file"), OpenFlags.O_RDWR | OpenFlags.O_CREAT);
    }

    @AfterEach
    final void closeFile() throws IOException {
        assertEquals(0, engine.close(file.number()));
        file.end();
        Files.deleteIfExists(folder.resolve("file"));
        Files.delete(folder);
        arena.close();
    }

    final FileHandle open(Path path, int flags) {
        int handle = engine.open(path, flags);
        assertTrue(handle >= 0, "errno=" + -handle);
        return new FileHandle(handle);
    }

    /** Prepares a transfer of one piece of memory. */
    final void prep(
            IoRing ring, int slot, Op op, FileHandle where, long position, MemorySegment memory) {
        submission.prep(op, where, position);
        submission.add(memory);
        ring.prep(slot, submission);
    }

    /**
     * Sends what is prepared, and returns so many completions by slot; fails if there are fewer.
     */
    static Map<Integer, Result> await(IoRing ring, int count) {
        Completions done = new Completions(ring.depth());
        assertEquals(0, ring.enter(count, PATIENCE));
        ring.drain(done);
        Map<Integer, Result> results = new TreeMap<>();
        for (int i = 0; i < done.count(); i++) {
            Result result = new Result(done.result(i), done.forced(i));
            assertNull(results.put(done.slot(i), result), "slot=" + done.slot(i));
        }
        assertTrue(results.size() >= count, "of " + count + " came " + results);
        return results;
    }

    /** Drains, and returns the number of completions. */
    static int drained(IoRing ring) {
        Completions done = new Completions(ring.depth());
        ring.drain(done);
        return done.count();
    }

    /** The results of a transfer and of its force. */
    record Result(long result, int forced) {}

    /** Memory confined to the owner, all bytes the same. */
    final MemorySegment memory(long size, int fill) {
        return arena.allocate(size).fill((byte) fill);
    }

    /** The file's content, read without a ring. */
    final MemorySegment content(long position, long length) {
        MemorySegment memory = memory(length, -1);
        Submission read = new Submission();
        read.prep(Op.READ, file, position);
        read.add(memory);
        assertEquals(length, engine.transfer(read));
        return memory;
    }

    static void assertFilled(int fill, MemorySegment memory) {
        byte[] expected = new byte[(int) memory.byteSize()];
        Arrays.fill(expected, (byte) fill);
        assertEquals(-1, memory.mismatch(MemorySegment.ofArray(expected)), "not all are " + fill);
    }
}
