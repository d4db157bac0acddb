package io.pinbounce.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pinbounce.DirectFile;
import io.pinbounce.DirectOptions;
import io.pinbounce.DirectQueue;
import io.pinbounce.Transfer;
import io.pinbounce.testing.Background;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** Requests keep their places while the file's size changes, and find the size it has then. */
class SizeOrderTest extends QueueContractTest {

    private DirectOptions guarded(Transfer transfer) {
        return options().transfer(transfer).protection(GUARDED);
    }

    private MemorySegment pinned(int value) {
        return pinned(filled(BLOCK, value));
    }

    @ParameterizedTest
    @EnumSource
    void aReadPastTheKnownEndSeesWhatWasAskedForBeforeIt(Transfer transfer) throws IOException {
        try (DirectFile file = file(guarded(transfer), new byte[0]);
                DirectQueue queue = queue(8)) {
            MemorySegment back = pinned(0);
            queue.write(file, pinned(1), 0, 1);
            queue.read(file, back, 0, 2);
            queue.write(file, pinned(2), 0, 3);
            finish(queue);
            assertArrayEquals(filled(BLOCK, 1), bytesOf(back));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"AUTO", "BOUNCE"})
    void aReadBehindAWriteBehindATruncateSeesThatWrite(Transfer transfer) throws Exception {
        try (DirectFile file = file(guarded(transfer), new byte[4 * BLOCK]);
                DirectQueue queue = queue(8)) {
            MemorySegment back = pinned(0);
            queue.write(file, pinned(1), BLOCK, 1); // holds its range until it is reaped
            Background<Void> truncate = truncate(file, BLOCK);
            queue.write(file, pinned(2), 2 * BLOCK, 2);
            queue.read(file, back, 2 * BLOCK, 3);
            finish(queue);
            truncate.result();
            assertArrayEquals(filled(BLOCK, 2), bytesOf(back));
            assertEquals(3 * BLOCK, file.size());
            assertArrayEquals(new byte[BLOCK], read(file, BLOCK, BLOCK));
        }
    }

    private static Background<Void> truncate(DirectFile file, long size) throws Exception {
        return Background.<Void>call(
                        () -> {
                            file.truncate(size);
                            return null;
                        })
                .awaitWaitingIn("awaitUntil");
    }

    /** A read leaves the caller's memory past the count that it returns as it was. */
    @ParameterizedTest
    @EnumSource(names = {"AUTO", "BOUNCE"})
    void aReadBehindATruncateTouchesNothingPastTheEnd(Transfer transfer) throws Exception {
        try (DirectFile file = file(guarded(transfer), filled(8 * BLOCK, 7));
                DirectQueue queue = queue(8)) {
            queue.write(file, pinned(1), 5 * BLOCK, 1);
            readBehindATruncate(file, queue);
        }
    }

    /** A queued write holds up the truncate until the read has been asked for. */
    private void readBehindATruncate(DirectFile file, DirectQueue queue) throws Exception {
        int left = 100;
        MemorySegment back = pinned(filled(2 * BLOCK, 0x55));
        Background<Void> truncate = truncate(file, 4 * BLOCK + left);
        queue.read(file, back, 4 * BLOCK, 2);
        finish(queue);
        truncate.result();
        byte[] expected = filled(2 * BLOCK, 0x55);
        Arrays.fill(expected, 0, left, (byte) 7);
        assertArrayEquals(expected, bytesOf(back));
    }

    /** Without guards it waits for the size alone. */
    @ParameterizedTest
    @EnumSource(names = {"AUTO", "BOUNCE"})
    void anUnguardedReadPastTheEndTouchesNothingEither(Transfer transfer) throws Exception {
        try (DirectFile file = file(options().transfer(transfer), filled(5 * BLOCK, 7));
                DirectQueue queue = queue(8)) {
            queue.write(file, heap(filled(10, 1)), 4 * BLOCK + 200, 1);
            readBehindATruncate(file, queue);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"AUTO", "BOUNCE"})
    void aWriteBehindATruncateMakesTheFileLongerAgain(Transfer transfer) throws Exception {
        try (DirectFile file = file(guarded(transfer), new byte[4 * BLOCK]);
                DirectQueue queue = queue(8);
                DirectQueue other = queue(1)) {
            queue.write(file, pinned(1), 2 * BLOCK, 1);
            Background<Void> truncate = truncate(file, 3 * BLOCK - 100);
            queue.write(file, pinned(2), 2 * BLOCK, 2); // makes the file longer again
            queue.read(file, pinned(0), 2 * BLOCK, 3); // does not
            finish(queue);
            truncate.result();
            other.write(file, pinned(3), 3 * BLOCK, 4);
            finish(other);
            assertEquals(4 * BLOCK, file.size());
            assertArrayEquals(filled(BLOCK, 2), read(file, 2 * BLOCK, BLOCK));
        }
    }
}
