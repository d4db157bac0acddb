package io.pinbounce;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.internal.engine.HookedEngine;
import io.pinbounce.internal.engine.IoEngine;
import io.pinbounce.internal.engine.SimulatedEngine.Outcome;
import io.pinbounce.internal.engine.Submission;
import io.pinbounce.internal.engine.Submission.Op;
import io.pinbounce.internal.linux.Errno;
import io.pinbounce.testing.DiskTest;
import io.pinbounce.testing.Sentence;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.opentest4j.AssertionFailedError;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.IntSupplier;

/** Errors say in one sentence what went wrong and what to do, and name each value once. */
class SentenceTest extends DiskTest {

    private static final int BLOCK = 4096;

    private static final Path SIDECAR = Path.of(PATH + ".pi");

    private static final Protection PROTECTION = Protection.t10(BLOCK).memory();

    private static final Protection WITH_SIDECAR =
            Protection.t10(BLOCK).sidecar(SidecarOptions.beside().logSize(SidecarOptions.MIN_LOG));

    private void failFrom(Op op, int errno) {
        disk.fault(s -> s.op() == op ? Outcome.failed(errno) : Outcome.NORMAL);
    }

    private void heal() {
        disk.fault(_ -> Outcome.NORMAL);
    }

    /** Requires an error that says all of some words; returns it. */
    private static <T extends Throwable> T says(Class<T> type, Executable call, String... words) {
        T failure = assertThrows(type, call);
        String message = Sentence.of(failure);
        for (String word : words) {
            assertTrue(message.contains(word), message);
        }
        return failure;
    }

    @Test
    void canarySentencesAreChecked() {
        for (String bad :
                List.of(
                        "",
                        "null",
                        "it failed path=/a: op=open path=/b",
                        "it failed errno=EIO (x): op=open errno=EIO (x)",
                        "it failed sidecar=/a.pi: op=info path=/a.pi")) {
            assertThrows(AssertionFailedError.class, () -> Sentence.check(bad), bad);
        }
        Sentence.check("it failed: op=open path=/a errno=EIO (Input/output error)");
    }

    @Test
    void aRefusalOfTheDeviceNamesTheCureForItsDirection() throws IOException {
        MemorySegment memory = arena.allocate(BLOCK);
        try (DirectFile file = open(options().transfer(Transfer.PIN))) {
            file.write(memory, 0);
            failFrom(Op.READ, Errno.EILSEQ);
            says(
                    DirectIoException.class,
                    () -> file.read(memory, 0),
                    "what arrived does not match",
                    "damaged where it is stored",
                    "Transfer.BOUNCE");
            failFrom(Op.WRITE, Errno.EILSEQ);
            says(
                    DirectIoException.class,
                    () -> file.write(memory, 0),
                    "the buffer changed on the way",
                    "Transfer.BOUNCE");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aWriteOfPartOfABlockSaysThatItsOldBlockCouldNotBeRead(boolean guarded) throws IOException {
        byte[] data = bytes(1, 4 * BLOCK);
        DirectOptions options = options().protection(guarded ? PROTECTION : Protection.none());
        try (DirectFile file = open(options)) {
            file.write(heap(data), 0);
            failFrom(Op.READ, Errno.EIO);
            DirectIoException e =
                    says(
                            DirectIoException.class,
                            () -> file.write(heap(new byte[] {1}), BLOCK + 5),
                            "the old block at " + BLOCK + " could not be read",
                            "nothing was written",
                            "whole blocks");
            assertEquals(0, e.bytesDone());
            says(
                    DirectIoException.class,
                    () -> file.write(heap(new byte[] {1}), BLOCK + 5),
                    "position=" + (BLOCK + 5));
            heal();
            assertArrayEquals(data, Arrays.copyOf(disk.contents(PATH), data.length));
            file.write(heap(new byte[] {1}), BLOCK + 5);
            data[BLOCK + 5] = 1;
            assertArrayEquals(data, read(file));
        }
    }

    @Test
    void rangesThatOverflowAreRefused() throws IOException {
        MemorySegment memory = arena.allocate(BLOCK);
        MemorySegment huge = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
        String most = "a request ends at ";
        try (DirectFile file = open(options().protection(PROTECTION));
                DirectQueue queue = OnEngine.queue(2, Engine.AUTO, disk)) {
            for (long at : new long[] {-1, Long.MIN_VALUE, Long.MAX_VALUE, Long.MAX_VALUE - 9}) {
                String position = "position=" + at;
                says(IllegalArgumentException.class, () -> file.read(memory, at), position, most);
                says(IllegalArgumentException.class, () -> file.write(memory, at), position, most);
                says(IllegalArgumentException.class, () -> file.readAsync(memory, at), position);
                says(IllegalArgumentException.class, () -> file.writeAsync(memory, at), position);
                says(IllegalArgumentException.class, () -> file.seal(at, 1), position, most);
                says(IllegalArgumentException.class, () -> file.allocate(at, 1), position);
                says(
                        IllegalArgumentException.class,
                        () -> queue.read(file, memory, at, 1),
                        position,
                        most);
                says(
                        IllegalArgumentException.class,
                        () -> queue.write(file, memory, at, 1),
                        position,
                        most);
            }
            says(IllegalArgumentException.class, () -> file.read(huge, 0), most);
            says(IllegalArgumentException.class, () -> file.seal(0, Long.MAX_VALUE), most);
            says(IllegalArgumentException.class, () -> file.seal(0, -1), most);
            List<MemorySegment> two = List.of(huge, huge);
            says(IllegalArgumentException.class, () -> file.read(two, 0), "several requests");
            says(
                    IllegalArgumentException.class,
                    () -> queue.write(file, two, 0, 1),
                    "several requests");
            assertEquals(0, queue.pending());
            file.write(memory, 0);
            queue.read(file, memory, 0, 1);
            queue.await(1, done -> assertEquals(BLOCK, done.bytes()));
        }
    }

    @Test
    void aSegmentThatIsNullIsNamed() throws IOException {
        MemorySegment memory = arena.allocate(BLOCK);
        List<MemorySegment> list = new ArrayList<>(List.of(memory));
        list.add(noSegment());
        try (DirectFile file = open(options());
                DirectQueue queue = OnEngine.queue(2, Engine.AUTO, disk)) {
            String one = "a segment is null: index=0 segments=1";
            says(NullPointerException.class, () -> file.read(noSegment(), 0), one);
            says(NullPointerException.class, () -> file.write(noSegment(), 0), one);
            says(NullPointerException.class, () -> file.readAsync(noSegment(), 0), one);
            says(NullPointerException.class, () -> file.writeAsync(noSegment(), 0), one);
            says(NullPointerException.class, () -> queue.read(file, noSegment(), 0, 1), one);
            says(NullPointerException.class, () -> queue.write(file, list, 0, 1), "index=1");
            says(NullPointerException.class, () -> file.read(list, 0), "index=1 segments=2");
            assertEquals(0, queue.pending());
            queue.write(file, memory, 0, 1);
            queue.await(1, done -> assertEquals(BLOCK, done.bytes()));
        }
    }

    @SuppressWarnings("NullAway") // what a caller must not pass
    private static MemorySegment noSegment() {
        return null;
    }

    @Test
    void aClosedServiceOrFileSaysSo() throws Exception {
        MemorySegment memory = arena.allocate(BLOCK);
        IoService service = OnEngine.service(disk);
        DirectFile file = open(options().ioService(service));
        service.close();
        ExecutionException refused =
                assertThrows(ExecutionException.class, () -> file.writeAsync(memory, 0).get());
        Throwable cause = assertInstanceOf(ClosedChannelException.class, refused.getCause());
        assertTrue(Sentence.of(cause).contains("IoService"), cause.toString());
        file.close();
        says(ClosedChannelException.class, () -> file.read(memory, 0), "path=" + PATH);
    }

    /** An engine that has no descriptor left, or whose sidecar is on a full disk. */
    private static final class Poor extends HookedEngine {

        private int noDescriptor;

        private boolean isFull;

        private final Set<Integer> ofSidecar = new HashSet<>();

        Poor(IoEngine engine) {
            super(engine, _ -> {});
        }

        @Override
        public int open(Path path, int flags) {
            return open(path.equals(SIDECAR), () -> super.open(path, flags));
        }

        @Override
        public int openUnnamed(Path path, int flags) {
            return open(path.equals(SIDECAR), () -> super.openUnnamed(path, flags));
        }

        @Override
        public int reopen(int handle, int flags) {
            return open(ofSidecar.contains(handle), () -> super.reopen(handle, flags));
        }

        private int open(boolean isSidecar, IntSupplier real) {
            int handle = isSidecar && noDescriptor != 0 ? -noDescriptor : real.getAsInt();
            if (isSidecar) {
                ofSidecar.add(handle);
            } else {
                ofSidecar.remove(handle);
            }
            return handle;
        }

        @Override
        public long transfer(Submission submission) {
            boolean writes = submission.op() != Op.READ && ofSidecar.contains(submission.handle());
            return writes && isFull ? -Errno.ENOSPC : super.transfer(submission);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {Errno.EMFILE, Errno.ENFILE})
    void anOpenWithoutDescriptorsSaysSoAndWorksLater(int errno) throws IOException {
        Poor poor = new Poor(disk);
        poor.noDescriptor = errno;
        DirectOptions options = options().create().protection(WITH_SIDECAR);
        says(
                DirectIoException.class,
                () -> OnEngine.file(PATH, options, poor),
                "no file descriptor left",
                "and try again");
        assertEquals(0, disk.openHandles());
        assertEquals(Errno.ENOENT, disk.status(PATH).errno(), "an empty file is left");
        poor.noDescriptor = 0;
        OnEngine.file(PATH, options, poor).close();
    }

    @Test
    void aSidecarThatCannotBeMadeOnAFullDiskIsMadeLater() throws IOException {
        Poor poor = new Poor(disk);
        poor.isFull = true;
        DirectOptions options = options().create().protection(WITH_SIDECAR);
        says(
                DirectIoException.class,
                () -> OnEngine.file(PATH, options, poor),
                "make room there",
                "=" + SIDECAR);
        assertEquals(Errno.ENOENT, disk.status(SIDECAR).errno(), "half a sidecar is left");
        poor.isFull = false;
        try (DirectFile file = OnEngine.file(PATH, options, poor)) {
            file.write(heap(bytes(1, BLOCK)), 0);
            assertArrayEquals(bytes(1, BLOCK), read(file));
        }
    }

    @Test
    void aFullDiskOfTheSidecarLosesNothingThatWasWritten() throws IOException {
        Poor poor = new Poor(disk);
        DirectOptions options = options().create().protection(WITH_SIDECAR);
        byte[] data = bytes(1, 300 * BLOCK);
        DirectFile file = OnEngine.file(PATH, options, poor);
        file.write(heap(data), 0);
        file.force();
        poor.isFull = true;
        byte[] next = bytes(2, BLOCK);
        says(
                DirectIoException.class,
                () -> file.write(heap(next), BLOCK),
                "make room there",
                "open the file again");
        assertArrayEquals(data, read(file));
        poor.isFull = false;
        says(DirectIoException.class, () -> file.write(heap(next), BLOCK), "open the file again");
        says(DirectIoException.class, file::close, "open the file again");
        try (DirectFile again = OnEngine.file(PATH, options, poor)) {
            assertArrayEquals(data, read(again));
            again.write(heap(next), BLOCK);
            System.arraycopy(next, 0, data, BLOCK, BLOCK);
            assertArrayEquals(data, read(again));
            assertEquals(0, again.counts().unverifiedIntervals());
        }
    }

    /** The log is written before; moving tuples to their pages finds no room. */
    @Test
    void aCheckpointWithoutRoomSaysThatOpeningAgainHelps() throws IOException {
        Poor poor = new Poor(disk);
        DirectOptions options = options().create().protection(WITH_SIDECAR);
        byte[] data = bytes(3, 40 * BLOCK);
        DirectFile file = OnEngine.file(PATH, options, poor);
        file.write(heap(data), 0);
        poor.isFull = true;
        says(
                DirectIoException.class,
                file::close,
                "make room there",
                "until the file is closed and opened again");
        poor.isFull = false;
        try (DirectFile again = OnEngine.file(PATH, options, poor)) {
            assertArrayEquals(data, read(again));
        }
    }

    @Test
    void commonMistakesNameEachValueOnce() throws IOException {
        DirectOptions guarded = options().protection(WITH_SIDECAR);
        open(options()).close();
        disk.status(PATH);
        try (DirectFile file = open(options())) {
            file.write(heap(bytes(1, BLOCK)), 0);
        }
        says(DirectIoException.class, () -> open(guarded), "pinbounce seal");
        says(
                DirectIoException.class,
                () -> OnEngine.file(PATH, DirectOptions.readOnly().protection(WITH_SIDECAR), disk),
                "there is no sidecar");
        says(
                DirectIoException.class,
                () -> OnEngine.file(Path.of("/disk/none"), DirectOptions.readOnly(), disk),
                "no such file");
        says(DirectIoException.class, () -> OnEngine.info(PATH, disk));
        Protection unprotected =
                Protection.t10(BLOCK)
                        .sidecar(
                                SidecarOptions.beside()
                                        .logSize(SidecarOptions.MIN_LOG)
                                        .existing(SidecarOptions.Existing.UNPROTECTED));
        try (DirectFile file = open(options().protection(unprotected))) {
            says(DirectIoException.class, () -> open(options()), "Bypass.ALLOWED");
            Protection longer = Protection.t10(2 * BLOCK).sidecar(SidecarOptions.beside());
            says(
                    IllegalStateException.class,
                    () -> open(options().protection(longer)),
                    "same protection");
            IoEngine other = new HookedEngine(disk, _ -> {});
            says(
                    DirectIoException.class,
                    () -> OnEngine.file(PATH, options().protection(unprotected), other),
                    "others have it open");
            file.write(heap(bytes(1, BLOCK)), 0);
        }
        disk.flipBit(PATH, 77);
        try (DirectFile file = open(options().protection(unprotected))) {
            says(ProtectionException.class, () -> read(file), "interval=0");
        }
        disk.flipBit(SIDECAR, 3);
        disk.flipBit(SIDECAR, BLOCK + 3);
        says(DirectIoException.class, () -> open(options().protection(unprotected)), "--anew");
    }
}
