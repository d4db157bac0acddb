package io.pinbounce.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.DirectFile;
import io.pinbounce.DirectIoException;
import io.pinbounce.DirectQueue;
import io.pinbounce.ProtectionException;
import io.pinbounce.Transfer;
import io.pinbounce.internal.engine.SimulatedEngine;
import io.pinbounce.internal.engine.SimulatedEngine.Outcome;
import io.pinbounce.internal.linux.Errno;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/** Which handler gets the completion of a request, and what a handler may do. */
class QueueHandlerTest extends QueueContractTest {

    private final Set<Long> tokens = new HashSet<>();

    private void readFour(DirectQueue queue, DirectFile file) throws IOException {
        for (int i = 0; i < 4; i++) {
            queue.read(file, heap(new byte[BLOCK]), (long) i * BLOCK, i);
        }
    }

    @Test
    void aHandlerThatThrowsLeavesOtherCompletionsInTheQueue() throws IOException {
        try (DirectFile file = file(options(), new byte[4 * BLOCK]);
                DirectQueue queue = queue(4)) {
            readFour(queue, file);
            for (int left = 3; left >= 0; left--) {
                IOException e =
                        assertThrows(
                                IOException.class,
                                () ->
                                        queue.await(
                                                4,
                                                done -> {
                                                    tokens.add(done.token());
                                                    throw new IOException("mine");
                                                }));
                assertSays(e, "mine");
                assertEquals(left, queue.pending());
            }
            assertEquals(Set.of(0L, 1L, 2L, 3L), tokens);
        }
    }

    @Test
    void aHandlerMayMakeRequests() throws IOException {
        int[] asked = new int[1];
        try (DirectFile file = file(options(), new byte[4 * BLOCK]);
                DirectQueue queue = queue(1)) {
            queue.read(file, heap(new byte[BLOCK]), 0, 0);
            while (queue.pending() > 0) {
                queue.await(
                        1,
                        done -> {
                            assertEquals(asked[0], done.token());
                            if (asked[0] < 9) {
                                queue.read(file, heap(new byte[BLOCK]), 0, ++asked[0]);
                                assertEquals(0, file.read(heap(new byte[1]), 1 << 20));
                            }
                        });
            }
            assertEquals(9, asked[0]);
        }
    }

    @Test
    void aHandlerCannotWaitOrClose() throws IOException {
        try (DirectFile file = file(options(), new byte[BLOCK]);
                DirectQueue queue = queue(1)) {
            queue.force(file, 1);
            int handed =
                    queue.await(
                            1,
                            _ -> {
                                assertThrows(
                                        IllegalStateException.class, () -> queue.await(1, _ -> {}));
                                assertThrows(
                                        IllegalStateException.class, () -> queue.poll(_ -> {}));
                                assertThrows(IllegalStateException.class, queue::close);
                                queue.submit();
                            });
            assertEquals(1, handed);
        }
    }

    @Test
    void closingThrowsTheFailuresThatNoHandlerHasSeen() throws IOException {
        Path path = place.newPath();
        try (DirectFile file = open(path, options().create().protection(GUARDED))) {
            file.write(heap(new byte[4 * BLOCK]), 0);
            Damage.flipBit(place, arena, path, BLOCK + 1);
            Damage.flipBit(place, arena, path, 3 * BLOCK + 1);
            DirectQueue queue = queue(4);
            readFour(queue, file);
            ProtectionException e = assertThrows(ProtectionException.class, queue::close);
            assertEquals(1, e.getSuppressed().length);
            queue.close();
            try (DirectQueue other = queue(4)) {
                readFour(other, file);
                other.await(4, done -> tokens.add(done.failure() == null ? -1 : done.token()));
            }
            assertEquals(Set.of(-1L, 1L, 3L), tokens);
        }
    }

    @Test
    void queuedRequestsFailWithTheErrorsOfBlockingCalls() throws IOException {
        if (!(place.engine() instanceof SimulatedEngine disk)) {
            return; // only that one fails at will
        }
        try (DirectFile file = file(options().transfer(Transfer.BOUNCE), new byte[8 * BLOCK]);
                DirectQueue queue = queue(2)) {
            disk.fault(s -> s.position() == BLOCK ? Outcome.failed(Errno.EIO) : Outcome.NORMAL);
            queue.read(file, heap(new byte[10]), BLOCK, 1);
            queue.read(file, heap(new byte[10]), 0, 2);
            queue.await(
                    2,
                    done -> {
                        if (done.token() == 2) {
                            assertEquals(10, done.bytes());
                            return;
                        }
                        DirectIoException e = assertThrows(DirectIoException.class, done::bytes);
                        DirectIoException same =
                                assertThrows(
                                        DirectIoException.class,
                                        () -> file.read(heap(new byte[10]), BLOCK));
                        assertEquals(same.getMessage(), e.getMessage());
                        assertTrue(done.toString().contains("failure="), done.toString());
                    });
            disk.fault(_ -> Outcome.NORMAL);
        }
    }
}
