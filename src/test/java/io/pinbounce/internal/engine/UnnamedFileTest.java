package io.pinbounce.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.internal.engine.IoEngine.Lock;
import io.pinbounce.internal.engine.Submission.Op;
import io.pinbounce.internal.linux.Errno;
import io.pinbounce.internal.linux.FileStatus;
import io.pinbounce.internal.linux.OpenFlags;
import io.pinbounce.testing.Requirements;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Files without a name, and what else is done to files when they are made, on the simulated disk,
 * on the machine's kernel, and on one whose file system knows no files without a name.
 */
class UnnamedFileTest {

    private static final String ATTRIBUTE = "user.pinbounce";

    @TempDir private Path folder;

    private final Arena arena = Arena.ofConfined();

    private final List<Runnable> open = new ArrayList<>();

    @AfterEach
    void closeAll() {
        open.forEach(Runnable::run);
        arena.close();
    }

    /** A file system of before Linux 3.11. */
    private static final class Old extends HookedEngine {

        Old() {
            super(IoEngine.blocking(), _ -> {});
        }

        @Override
        public int openUnnamed(Path path, int flags) {
            return -Errno.EOPNOTSUPP;
        }

        @Override
        public String toString() {
            return "without files that have no name";
        }
    }

    static Stream<IoEngine> engines() {
        return Stream.of(IoEngine.blocking(), new Old(), new SimulatedEngine(512, 512));
    }

    private UnnamedFile make(IoEngine engine, Path path) {
        UnnamedFile file = UnnamedFile.make(engine, path, OpenFlags.O_RDWR);
        closeLater(engine, file.handle());
        return file;
    }

    private int closeLater(IoEngine engine, int handle) {
        assertTrue(handle >= 0, "errno=" + -handle);
        open.add(() -> engine.close(handle));
        return handle;
    }

    private MemorySegment block(int value) {
        return arena.allocate(4096, 4096).fill((byte) value);
    }

    private static void transfer(IoEngine engine, Op op, int handle, MemorySegment memory) {
        Submission submission = new Submission();
        submission.prep(op, new FileHandle(handle), 0);
        submission.add(memory);
        assertEquals(memory.byteSize(), engine.transfer(submission));
    }

    @ParameterizedTest
    @MethodSource("engines")
    void aFileIsSeenOnlyOnceItIsPublished(IoEngine engine) {
        Path path = folder.resolve("a");
        UnnamedFile file = make(engine, path);
        transfer(engine, Op.WRITE, file.handle(), block(7));
        assertEquals(Errno.ENOENT, engine.status(path).errno());
        assertEquals(0, file.publish(path));
        MemorySegment read = block(0);
        int handle = closeLater(engine, engine.open(path, OpenFlags.O_RDONLY));
        transfer(engine, Op.READ, handle, read);
        assertEquals(-1, read.mismatch(block(7)));
        file.discard();
        assertEquals(0, engine.status(path).errno(), "what is published stays");
    }

    @ParameterizedTest
    @MethodSource("engines")
    void aNameThatIsTakenIsKept(IoEngine engine) {
        Path path = folder.resolve("a");
        UnnamedFile first = make(engine, path);
        UnnamedFile second = make(engine, path);
        assertEquals(0, first.publish(path));
        assertEquals(-Errno.EEXIST, second.publish(path));
        assertTrue(engine.status(path).isSameFile(engine.facts(first.handle()).status()));
        assertEquals(0, second.publish(folder.resolve("b")), "it may still get another name");
    }

    @ParameterizedTest
    @MethodSource("engines")
    void aFileThatIsDiscardedLeavesNothing(IoEngine engine) throws IOException {
        make(engine, folder.resolve("a")).discard();
        try (Stream<Path> left = Files.list(folder)) {
            assertEquals(List.of(), left.toList());
        }
    }

    @ParameterizedTest
    @MethodSource("engines")
    void aFileIsOpenedOnceMoreBeforeItHasAName(IoEngine engine) {
        UnnamedFile file = make(engine, folder.resolve("a"));
        int other = closeLater(engine, file.reopen(OpenFlags.O_RDWR | OpenFlags.O_DSYNC));
        transfer(engine, Op.WRITE, other, block(9));
        MemorySegment read = block(0);
        transfer(engine, Op.READ, file.handle(), read);
        assertEquals(-1, read.mismatch(block(9)));
        assertEquals(0, engine.lock(other, Lock.EXCLUSIVE));
        assertEquals(-Errno.EAGAIN, engine.lock(file.handle(), Lock.SHARED), "it is opened apart");
    }

    @ParameterizedTest
    @MethodSource("engines")
    void anAttributeIsWhatWasSetLast(IoEngine engine) {
        int handle = make(engine, folder.resolve("a")).handle();
        MemorySegment value = arena.allocate(63);
        long none = engine.attribute(handle, ATTRIBUTE, value);
        Requirements.orSkip(none != -Errno.EOPNOTSUPP, "the file system has no attributes");
        assertEquals(-Errno.ENODATA, none);
        for (int length : new int[] {63, 25}) {
            MemorySegment set = arena.allocate(length).fill((byte) length);
            assertEquals(0, engine.setAttribute(handle, ATTRIBUTE, set));
            assertEquals(length, engine.attribute(handle, ATTRIBUTE, value));
            assertEquals(-1, set.mismatch(value.asSlice(0, length)));
        }
        assertEquals(0, engine.setAttribute(handle, ATTRIBUTE, MemorySegment.NULL));
        assertEquals(-Errno.ENODATA, engine.attribute(handle, ATTRIBUTE, value));
    }

    @Test
    void aFileGetsThePermissionsOfAnother() throws IOException {
        IoEngine engine = IoEngine.blocking();
        Path like = Files.createFile(folder.resolve("like"));
        Files.setPosixFilePermissions(like, PosixFilePermissions.fromString("rw-r-----"));
        FileStatus wanted = engine.status(like);
        UnnamedFile file = make(engine, folder.resolve("a"));
        assertEquals(0, engine.own(file.handle(), wanted));
        assertTrue(engine.facts(file.handle()).status().isOwnedLike(wanted));
        assertEquals(0640, engine.facts(file.handle()).status().permissions());
    }
}
