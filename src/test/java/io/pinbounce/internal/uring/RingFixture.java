package io.pinbounce.internal.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.Host;
import io.pinbounce.internal.engine.Completions;
import io.pinbounce.internal.engine.FileHandle;
import io.pinbounce.internal.engine.Submission;
import io.pinbounce.internal.linux.FileStatus;
import io.pinbounce.internal.linux.LibC;
import io.pinbounce.internal.linux.OpenFlags;
import io.pinbounce.internal.linux.UringSyscalls;
import io.pinbounce.testing.Requirements;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** A ring of the current thread, and a file in {@code target/} that is open for direct I/O. */
final class RingFixture implements AutoCloseable {

    /** The value of every byte of the file. */
    static final byte CONTENT = 0x33;

    static final int SIZE = 1 << 20;

    private static final long LONG = 10_000_000_000L;

    private final UringRing ring;

    private final Path path;

    private final FileHandle file;

    private final Submission submission = new Submission();

    private final Completions completions;

    private final long[] results;

    private int forced;

    private RingFixture(UringRing ring, int depth) throws IOException {
        this.ring = ring;
        completions = new Completions(depth);
        results = new long[depth];
        path = Files.createTempFile(Path.of("target"), "ring", ".bin");
        byte[] content = new byte[SIZE];
        Arrays.fill(content, CONTENT);
        Files.write(path, content);
        file = openFile(OpenFlags.O_RDWR | OpenFlags.O_DIRECT);
    }

    static KernelRing.Machine machine() {
        return machine(UringSyscalls.system());
    }

    static KernelRing.Machine machine(UringSyscalls syscalls) {
        return new KernelRing.Machine(LibC.system(), syscalls);
    }

    /** Opens a ring on the machine's kernel. */
    static RingFixture open(int depth) throws Exception {
        return open(machine(), depth);
    }

    static RingFixture open(KernelRing.Machine machine, int depth) throws Exception {
        requireUring();
        return new RingFixture(UringRing.open(machine, depth), depth);
    }

    /** Opens a ring with queues of any size. */
    static RingFixture open(KernelRing.Machine machine, int depth, int sqEntries, int cqEntries)
            throws Exception {
        requireUring();
        return new RingFixture(UringRing.open(machine, depth, sqEntries, cqEntries), depth);
    }

    static void requireUring() {
        Host host = Host.probe();
        Requirements.uring(host.ioUring(), host.ioUringReason());
    }

    FileHandle openFile(int flags) {
        int fd = LibC.system().open(path.toString(), flags, 0);
        assertTrue(fd >= 0, "errno=" + -fd);
        return new FileHandle(fd);
    }

    static void closeFile(FileHandle file) {
        LibC.system().close(file.number());
        file.end();
    }

    UringRing ring() {
        return ring;
    }

    FileHandle file() {
        return file;
    }

    Path path() {
        return path;
    }

    long size() {
        return FileStatus.of(LibC.system(), file.number()).size();
    }

    Submission submission(Submission.Op op, long position) {
        submission.prep(op, file, position);
        return submission;
    }

    void prep(int slot, Submission.Op op, long position, MemorySegment... pieces) {
        prep(slot, op, file, position, pieces);
    }

    void prep(int slot, Submission.Op op, FileHandle to, long position, MemorySegment... pieces) {
        submission.prep(op, to, position);
        for (MemorySegment piece : pieces) {
            submission.add(piece);
        }
        ring.prep(slot, submission);
    }

    /** Waits for so many transfers, and keeps their results. */
    void finish(int count) {
        assertEquals(0, ring.enter(count, LONG));
        assertEquals(count, drain());
    }

    /** Drains without waiting. */
    int poll() {
        assertEquals(0, ring.enter(0, 0));
        return drain();
    }

    int drain() {
        completions.clear();
        ring.drain(completions);
        for (int i = 0; i < completions.count(); i++) {
            results[completions.slot(i)] = completions.result(i);
            forced = completions.forced(i);
        }
        return completions.count();
    }

    long result(int slot) {
        return results[slot];
    }

    int forced() {
        return forced;
    }

    /** Makes one transfer and waits for it. */
    long transfer(Submission.Op op, long position, MemorySegment... pieces) {
        return transfer(op, file, position, pieces);
    }

    long transfer(Submission.Op op, FileHandle to, long position, MemorySegment... pieces) {
        prep(0, op, to, position, pieces);
        finish(1);
        return result(0);
    }

    @Override
    public void close() {
        ring.close();
        closeFile(file);
        try {
            Files.delete(path);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
