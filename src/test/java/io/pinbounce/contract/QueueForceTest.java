package io.pinbounce.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.Completion;
import io.pinbounce.DirectFile;
import io.pinbounce.DirectIoException;
import io.pinbounce.DirectQueue;
import io.pinbounce.Engine;
import io.pinbounce.OnEngine;
import io.pinbounce.Transfer;
import io.pinbounce.internal.engine.HookedEngine;
import io.pinbounce.internal.engine.IoEngine;
import io.pinbounce.internal.engine.SimulatedEngine;
import io.pinbounce.internal.engine.Submission;
import io.pinbounce.internal.linux.Errno;
import io.pinbounce.testing.DiskTest;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What forces promise: a completed one means that the data is on the medium. */
class QueueForceTest {

    private static final int BLOCK = 4096;

    @Nested
    class Contract extends QueueContractTest {

        @ParameterizedTest
        @EnumSource
        void whatIsWrittenAndForcedIsRead(Transfer transfer) throws IOException {
            Path path = place.newPath();
            byte[] bytes = bytes(1, 3 * BLOCK);
            try (DirectFile file = open(path, options().create().transfer(transfer));
                    DirectQueue queue = queue(4)) {
                for (int i = 0; i < 3; i++) {
                    byte[] part = Arrays.copyOfRange(bytes, i * BLOCK, (i + 1) * BLOCK);
                    queue.writeAndForce(file, pinned(part), (long) i * BLOCK, i);
                }
                queue.await(3, done -> assertEquals(BLOCK, done.bytes()));
                queue.force(file, 9);
                assertEquals(
                        1,
                        queue.await(
                                1,
                                done -> {
                                    assertEquals(9, done.token());
                                    assertEquals(0, done.bytes());
                                }));
            }
            assertArrayEquals(bytes, contents(path));
        }

        @Test
        void aForcedWriteWithoutBytesIsAForce() throws IOException {
            try (DirectFile file = file(options(), new byte[10]);
                    DirectQueue queue = queue(1)) {
                queue.writeAndForce(file, heap(new byte[0]), 5, 1);
                assertEquals(1, queue.await(1, done -> assertEquals(0, done.bytes())));
                assertEquals(10, file.size());
            }
        }
    }

    /** On a disk that is asked, at the moment of a completion, what it would lose. */
    @Nested
    class Durable extends DiskTest {

        private final List<String> calls = new ArrayList<>();

        private final IoEngine engine = recorded();

        /** Writes down what changes the file, and when that is made durable. */
        private IoEngine recorded() {
            return new HookedEngine(disk, submission -> calls.add(submission.op().name())) {
                @Override
                public int force(int handle) {
                    calls.add("FORCE");
                    return super.force(handle);
                }

                @Override
                public int truncate(int handle, long size) {
                    calls.add("CUT");
                    return super.truncate(handle, size);
                }
            };
        }

        private DirectFile open(IoEngine engine) throws IOException {
            return OnEngine.file(PATH, options().transfer(Transfer.BOUNCE), engine);
        }

        private static MemorySegment bytes(int length) {
            return MemorySegment.ofArray(new byte[length]);
        }

        /** Whether nothing has changed since the last force. */
        private boolean isDurable() {
            int change =
                    Math.max(
                            Math.max(calls.lastIndexOf("WRITE"), calls.lastIndexOf("WRITE_FORCE")),
                            calls.lastIndexOf("CUT"));
            return calls.lastIndexOf("FORCE") > change;
        }

        private void forceOne(int length, long position) throws IOException {
            try (DirectFile file = open(engine);
                    DirectQueue queue = OnEngine.queue(1, Engine.SYSCALL, engine)) {
                queue.writeAndForce(file, bytes(length), position, 1);
                queue.await(
                        1,
                        done -> {
                            assertEquals(length, done.bytes());
                            assertTrue(isDurable(), calls.toString());
                        });
            }
        }

        @Test
        void anAlignedWriteIsDurable() throws IOException {
            forceOne(BLOCK, 0);
            assertEquals(List.of("WRITE_FORCE", "FORCE"), calls);
        }

        @Test
        void aWriteOfSeveralPartsIsForcedOnce() throws IOException {
            forceOne(3 << 16, 0);
            assertEquals(List.of("WRITE", "WRITE", "WRITE_FORCE", "FORCE"), calls);
        }

        /** Forced before its padding is cut off, the file would be too long after a power cut. */
        @Test
        void anUnalignedAppendIsCutBeforeItIsForced() throws IOException {
            forceOne(100, 0);
            assertEquals(List.of("WRITE", "CUT", "FORCE"), calls);
        }

        @Test
        void aShortWriteIsForcedInTheEnd() throws IOException {
            disk.fault(_ -> SimulatedEngine.Outcome.shortened(1024));
            forceOne(BLOCK, 0);
        }

        /** The padding that the write would cut off holds data of another write: nothing is cut. */
        @Test
        void aWriteThatWaitedForAnotherOnesGrowthIsDurable() throws IOException {
            try (DirectFile file = open(engine);
                    DirectQueue queue = OnEngine.queue(2, Engine.SYSCALL, engine)) {
                queue.write(file, bytes(8192), 0, 1);
                queue.writeAndForce(file, bytes(100), 50, 2);
                queue.await(2, Completion::bytes);
                assertTrue(isDurable(), calls.toString());
                assertEquals(8192, file.size());
            }
        }

        @Test
        void canaryAWriteThatWasNotForcedIsSeen() throws IOException {
            try (DirectFile file = open(engine);
                    DirectQueue queue = OnEngine.queue(1, Engine.SYSCALL, engine)) {
                queue.write(file, bytes(512), 0, 1);
                queue.await(1, Completion::bytes);
                assertFalse(isDurable(), "canary");
            }
        }

        @ParameterizedTest
        @EnumSource(
                value = Submission.Op.class,
                names = {"WRITE_FORCE", "FORCE"})
        void aFailedForceIsFinal(Submission.Op op) throws IOException {
            try (DirectFile file = open(disk);
                    DirectQueue queue = OnEngine.queue(2, Engine.AUTO, disk)) {
                disk.forceResult(-Errno.EIO);
                if (op == Submission.Op.FORCE) {
                    queue.force(file, 1);
                } else {
                    queue.writeAndForce(file, bytes(512), 0, 1);
                }
                queue.await(
                        1,
                        done -> {
                            DirectIoException e =
                                    assertThrows(DirectIoException.class, done::bytes);
                            assertEquals(Errno.EIO, e.errno());
                        });
                disk.forceResult(0);
                DirectIoException e =
                        assertThrows(
                                DirectIoException.class, () -> queue.write(file, bytes(1), 0, 2));
                ContractTest.assertSays(e, "an earlier force failed");
                assertThrows(DirectIoException.class, () -> queue.force(file, 3));
                assertEquals(0, queue.pending());
                queue.read(file, bytes(1), 0, 4);
                queue.await(1, Completion::bytes);
            }
        }
    }
}
