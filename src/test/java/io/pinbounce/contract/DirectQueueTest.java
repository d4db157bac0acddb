package io.pinbounce.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.pinbounce.DirectFile;
import io.pinbounce.DirectQueue;
import io.pinbounce.Engine;
import io.pinbounce.OnEngine;
import io.pinbounce.Transfer;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** What a queue does for a thread that has no other queue. */
class DirectQueueTest {

    private static final int BLOCK = 4096;

    @Nested
    class Contract extends ContractTest {

        private final List<Long> tokens = new ArrayList<>();

        @ParameterizedTest
        @EnumSource
        void whatIsWrittenIsReadBack(Transfer transfer) throws IOException {
            try (DirectFile file = open(transfer);
                    DirectQueue queue = queue(4)) {
                byte[] bytes = bytes(1, 4 * BLOCK);
                for (int i = 0; i < 4; i++) {
                    queue.write(file, pinned(slice(bytes, i)), (long) i * BLOCK, i);
                }
                assertEquals(4, queue.await(4, done -> tokens.add(done.bytes())));
                assertEquals(List.of(4096L, 4096L, 4096L, 4096L), tokens);
                MemorySegment[] back = new MemorySegment[4];
                for (int i = 0; i < 4; i++) {
                    back[i] = arena.allocate(BLOCK);
                    queue.read(file, back[i], (long) i * BLOCK, i);
                }
                queue.await(4, done -> assertEquals(BLOCK, done.bytes()));
                for (int i = 0; i < 4; i++) {
                    assertArrayEquals(
                            slice(bytes, i),
                            back[i].toArray(java.lang.foreign.ValueLayout.JAVA_BYTE));
                }
                assertEquals(0, queue.pending());
            }
        }

        @Test
        void aFullQueueRefusesARequest() throws IOException {
            try (DirectFile file = open(Transfer.AUTO);
                    DirectQueue queue = queue(1)) {
                queue.write(file, pinned(new byte[BLOCK]), 0, 1);
                assertThrows(
                        IllegalStateException.class,
                        () -> queue.write(file, pinned(new byte[BLOCK]), 0, 2));
                assertEquals(1, queue.await(1, done -> assertEquals(1, done.token())));
            }
        }

        private DirectQueue queue(int depth) throws IOException {
            return OnEngine.queue(depth, Engine.AUTO, place.engine());
        }

        private static byte[] slice(byte[] bytes, int index) {
            return java.util.Arrays.copyOfRange(bytes, index * BLOCK, (index + 1) * BLOCK);
        }
    }
}
