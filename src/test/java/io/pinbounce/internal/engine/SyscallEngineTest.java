package io.pinbounce.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.internal.linux.Descriptors;
import io.pinbounce.internal.linux.Errno;
import io.pinbounce.internal.linux.Faults;
import io.pinbounce.internal.linux.FaultyLibC;
import io.pinbounce.internal.linux.FaultyPosix;
import io.pinbounce.internal.linux.FileFacts;
import io.pinbounce.internal.linux.OpenFlags;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

class SyscallEngineTest {

    private static final int SIZE = 3000;

    private static final int ENOTTY = 25; // asm-generic/errno-base.h: no such request here

    private static final short BLOCK_DEVICE = 0x6000 | 0600; // S_IFBLK of linux/stat.h

    private static final long STX_MODE = 0x1c; // struct statx of linux/stat.h

    private final Faults faults = new Faults();

    private final IoEngine engine =
            IoEngine.blocking(new FaultyLibC(faults), new FaultyPosix(faults));

    private final Submission submission = new Submission();

    @TempDir private Path folder;

    private Path file = Path.of("");

    private int handle;

    @BeforeEach
    void openFile() throws IOException {
        file = folder.resolve("file");
        Files.write(file, content());
        handle = engine.open(file, OpenFlags.O_RDWR);
        assertTrue(handle >= 0, "errno=" + -handle);
    }

    @AfterEach
    void onlyTheOpenFileHasADescriptor() throws IOException {
        assertEquals(List.of(handle), Descriptors.of(file));
        assertEquals(List.of(), Descriptors.of(folder));
        assertEquals(0, engine.close(handle));
        assertEquals(List.of(), Descriptors.of(file));
    }

    @ParameterizedTest
    @CsvSource({"1, pread", "2, preadv", "16, preadv"})
    void aReadFillsAllSegments(int segments, String call) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(100L * segments);
            prep(Submission.Op.READ, memory, segments, 7);
            assertEquals(100L * segments, engine.transfer(submission));
            MemorySegment expected = MemorySegment.ofArray(content()).asSlice(7, 100L * segments);
            assertEquals(-1, memory.mismatch(expected));
        }
        assertEquals(1, faults.calls(call));
    }

    @ParameterizedTest
    @CsvSource({"1, pwrite", "2, pwritev", "16, pwritev"})
    void aWriteTakesAllSegments(int segments, String call) throws IOException {
        byte[] expected = content();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(100L * segments);
            memory.copyFrom(MemorySegment.ofArray(content()).asSlice(1, memory.byteSize()));
            prep(Submission.Op.WRITE, memory, segments, 7);
            assertEquals(100L * segments, engine.transfer(submission));
            System.arraycopy(content(), 1, expected, 7, 100 * segments);
        }
        assertEquals(-1, MemorySegment.ofArray(expected).mismatch(read()));
        assertEquals(1, faults.calls(call));
    }

    @ParameterizedTest
    @CsvSource({"READ, 1, pread", "READ, 2, preadv", "WRITE, 1, pwrite", "WRITE, 2, pwritev"})
    void aTransferReturnsTheKernelsResult(Submission.Op op, int segments, String call) {
        faults.fail(call, 1, Errno.EINTR).shorten(call, 2, 130).shorten(call, 3, 0);
        try (Arena arena = Arena.ofConfined()) {
            prep(op, arena.allocate(100L * segments), segments, 0);
            assertEquals(-Errno.EINTR, engine.transfer(submission));
            assertEquals(Math.min(130, 100 * segments), engine.transfer(submission));
            assertEquals(0, engine.transfer(submission));
            assertEquals(100L * segments, engine.transfer(submission));
        }
    }

    @Test
    void aReadAtTheEndOfTheFileMovesNothing() {
        try (Arena arena = Arena.ofConfined()) {
            prep(Submission.Op.READ, arena.allocate(100), 1, SIZE);
            assertEquals(0, engine.transfer(submission));
            prep(Submission.Op.READ, arena.allocate(100), 1, SIZE - 1);
            assertEquals(1, engine.transfer(submission));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"open", "ftruncate", "fallocate", "fdatasync", "flock"})
    void aControlCallThatASignalInterruptsIsRepeated(String call) {
        faults.fail(call, 1, Errno.EINTR).fail(call, 2, Errno.EINTR);
        int result =
                switch (call) {
                    case "open" -> engine.close(engine.open(file, OpenFlags.O_RDWR));
                    case "ftruncate" -> engine.truncate(handle, 1);
                    case "flock" -> engine.lock(handle, IoEngine.Lock.SHARED);
                    case "fallocate" -> engine.allocate(handle, 0, 4096);
                    default -> engine.force(handle);
                };
        assertEquals(0, result);
        assertEquals(3, faults.calls(call));
    }

    static Stream<Arguments> controlCalls() {
        return Stream.of(
                control("open", test -> test.engine.open(test.file, OpenFlags.O_RDWR)),
                control("ftruncate", test -> test.engine.truncate(test.handle, 1)),
                control("fallocate", test -> test.engine.allocate(test.handle, 0, 1 << 20)),
                control("fdatasync", test -> test.engine.force(test.handle)),
                control("flock", test -> test.engine.lock(test.handle, IoEngine.Lock.SHARED)),
                control("open", test -> test.engine.forceFolder(test.folder)),
                control("fsync", test -> test.engine.forceFolder(test.folder)),
                control("statx", test -> test.engine.size(test.handle)),
                control("cachedPages", test -> test.engine.cachedPages(test.handle, 0, 1)),
                control("statx", test -> -test.engine.status(test.file).errno()),
                control("unlink", test -> test.engine.remove(test.file)));
    }

    private static Arguments control(String call, ToLongFunction<SyscallEngineTest> use) {
        return Arguments.of(call, use);
    }

    @ParameterizedTest
    @MethodSource("controlCalls")
    void aFailureIsReturnedAndChangesNothing(String call, ToLongFunction<SyscallEngineTest> use)
            throws IOException {
        faults.fail(call, faults.calls(call) + 1, Errno.EIO);
        assertEquals(-Errno.EIO, use.applyAsLong(this));
        assertEquals(SIZE, Files.size(file));
    }

    @Test
    void aHandleIsClosedEvenIfCloseFails() throws IOException {
        int other = engine.open(file, OpenFlags.O_RDONLY);
        faults.fail("close", 1, Errno.EIO);
        assertEquals(-Errno.EIO, engine.close(other));
        assertFalse(Descriptors.of(file).contains(other));
    }

    @Test
    void callsOnAMissingFileReturnEnoent() {
        Path none = folder.resolve("none");
        assertEquals(-Errno.ENOENT, engine.open(none, OpenFlags.O_RDONLY));
        assertEquals(Errno.ENOENT, engine.status(none).errno());
        assertEquals(-Errno.ENOENT, engine.forceFolder(none));
        assertEquals(-Errno.ENOENT, engine.remove(none));
    }

    @Test
    void controlCallsChangeAndReportTheFile() throws IOException {
        assertEquals(0, engine.truncate(handle, 5000));
        assertEquals(5000, engine.size(handle));
        assertEquals(0, engine.allocate(handle, 8000, 192));
        assertEquals(8192, Files.size(file));
        assertEquals(0, engine.force(handle));
        assertEquals(0, engine.forceFolder(folder));
        assertEquals(8192, engine.status(file).size());
        FileFacts facts = engine.facts(handle);
        assertEquals(engine.status(file).inode(), facts.status().inode());
        Path other = Files.createFile(folder.resolve("other"));
        assertEquals(0, engine.remove(other));
        assertFalse(Files.exists(other));
    }

    /** Statx does not report a device's size; a regular file refuses the ioctl. */
    @Test
    void theSizeOfADeviceComesFromAnIoctl() {
        FaultyLibC allDevices =
                new FaultyLibC(faults) {
                    @Override
                    public long statx(
                            int dirFd, String path, int flags, int mask, MemorySegment answer) {
                        answer.fill((byte) 0).set(ValueLayout.JAVA_SHORT, STX_MODE, BLOCK_DEVICE);
                        return 0;
                    }
                };
        IoEngine withDevice = IoEngine.blocking(allDevices, new FaultyPosix(faults));
        assertEquals(-ENOTTY, withDevice.size(handle));
        faults.fail("deviceSize", 2, Errno.EIO);
        assertEquals(-Errno.EIO, withDevice.size(handle));
    }

    private void prep(Submission.Op op, MemorySegment memory, int segments, long position) {
        submission.prep(op, new FileHandle(handle), position);
        long size = memory.byteSize() / segments;
        for (int i = 0; i < segments; i++) {
            submission.add(memory.asSlice(i * size, size));
        }
    }

    private MemorySegment read() throws IOException {
        return MemorySegment.ofArray(Files.readAllBytes(file));
    }

    private static byte[] content() {
        byte[] bytes = new byte[SIZE];
        for (int i = 0; i < SIZE; i++) {
            bytes[i] = (byte) (i * 31 + i / 256);
        }
        return bytes;
    }
}
