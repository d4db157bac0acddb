package io.pinbounce.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.Completion;
import io.pinbounce.DirectFile;
import io.pinbounce.DirectIoException;
import io.pinbounce.DirectOptions;
import io.pinbounce.DirectQueue;
import io.pinbounce.Protection;
import io.pinbounce.ProtectionException;
import io.pinbounce.Transfer;
import io.pinbounce.buffer.BouncePool;
import io.pinbounce.buffer.PinnedArena;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** When requests of a queue read and write the caller's memory. */
class QueueBounceTest extends QueueContractTest {

    private DirectOptions bouncing() {
        return options().transfer(Transfer.BOUNCE);
    }

    private void changeAfterWrite(DirectFile file, int length, long position) throws IOException {
        try (DirectQueue queue = queue(1)) {
            changeAfterWrite(queue, file, length, position);
        }
    }

    private void changeAfterWrite(DirectQueue queue, DirectFile file, int length, long position)
            throws IOException {
        byte[] bytes = bytes(length, length);
        MemorySegment memory = heap(bytes.clone());
        queue.write(file, memory, position, 1);
        memory.fill((byte) 0x55);
        finish(queue);
        assertArrayEquals(bytes, read(file, position, length));
    }

    @ParameterizedTest
    @ValueSource(ints = {BLOCK, 100, 3 * BLOCK + 7, (1 << 18) + BLOCK, (1 << 19) + 100})
    void aBouncedWriteMayBeChangedAtOnce(int length) throws IOException {
        for (Protection protection : List.of(Protection.none(), GUARDED)) {
            try (DirectFile file =
                    file(bouncing().protection(protection), new byte[(1 << 20) + 17])) {
                changeAfterWrite(file, length, 0);
                changeAfterWrite(file, length, 3 * BLOCK + 5);
                changeAfterWrite(file, length, (1 << 20) - 10); // past the end
            }
        }
    }

    @Test
    void aBouncedWriteMayBeChangedWhileItWaitsForItsRange() throws IOException {
        try (DirectFile file = file(bouncing(), new byte[2 * BLOCK]);
                DirectQueue queue = queue(3)) {
            queue.write(file, heap(filled(10, 1)), 5, 1);
            changeAfterWrite(queue, file, BLOCK + 100, 7);
        }
    }

    @Test
    void aBouncedWriteMayBeChangedWhileItWaitsForASlot() throws IOException {
        try (DirectFile file = file(bouncing(), new byte[1 << 20]);
                DirectQueue queue = queue(3)) {
            List<BouncePool.Slot> slots = takeAllSlots();
            byte[] bytes = bytes(1, 3 * BLOCK);
            MemorySegment memory = heap(bytes.clone());
            queue.write(file, memory, 0, 1);
            memory.fill((byte) 0x55);
            assertEquals(0, queue.poll(Completion::bytes));
            slots.forEach(BouncePool.Slot::close);
            finish(queue);
            assertArrayEquals(bytes, read(file, 0, bytes.length));
        }
    }

    /** The canary: what is pinned and changes shows, on a disk that takes its time. */
    @Test
    void canaryMemoryThatChangesUnderAPinnedWriteShows() throws IOException {
        int changed = 0;
        try (DirectFile file = file(options().transfer(Transfer.PIN), new byte[0]);
                DirectQueue queue = queue(1)) {
            MemorySegment memory = arena.allocate(BLOCK);
            MemorySegment back = arena.allocate(BLOCK);
            for (int i = 0; i < 20; i++) {
                memory.fill((byte) 1);
                queue.write(file, memory, 0, i);
                memory.fill((byte) 2);
                finish(queue);
                file.read(back, 0);
                changed += bytesOf(back)[0] == 2 ? 1 : 0;
            }
        }
        assertEquals(20, changed);
    }

    /** Memory that cannot be copied at once must not be copied later: it may be another by then. */
    @Test
    void aWriteThatCannotBeCopiedAtOnceFails() throws IOException {
        Path mapped = Files.createTempFile(Path.of("target"), "mapped", "");
        try (DirectFile file = file(bouncing(), new byte[2 * BLOCK]);
                DirectQueue queue = queue(1);
                Arena confined = Arena.ofConfined();
                FileChannel channel =
                        FileChannel.open(
                                mapped, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            MemorySegment memory = channel.map(FileChannel.MapMode.READ_WRITE, 0, BLOCK, confined);
            memory.fill((byte) 1);
            channel.truncate(0);
            queue.write(file, memory, 100, 1); // the old block is read first
            channel.write(java.nio.ByteBuffer.wrap(filled(BLOCK, 2)), 0);
            assertEquals(
                    1, queue.await(1, done -> assertThrows(DirectIoException.class, done::bytes)));
            assertArrayEquals(new byte[2 * BLOCK], read(file, 0, 2 * BLOCK));
        } finally {
            Files.delete(mapped);
        }
    }

    @Test
    void aBouncedReadTouchesMemoryOnlyWhenItIsComplete() throws IOException {
        byte[] bytes = bytes(1, 4 * BLOCK);
        Path path = place.newPath();
        try (DirectFile file = open(path, bouncing().create().protection(GUARDED));
                DirectQueue queue = queue(2)) {
            file.write(heap(bytes), 0);
            byte[] back = filled(4 * BLOCK, 0x55);
            queue.read(file, heap(back), 0, 1);
            assertArrayEquals(filled(4 * BLOCK, 0x55), back);
            finish(queue);
            assertArrayEquals(bytes, back);
            Damage.flipBit(place, arena, path, 2 * BLOCK + 9);
            byte[] bad = filled(4 * BLOCK, 0x55);
            queue.read(file, heap(bad), 0, 2);
            queue.await(1, done -> assertThrows(ProtectionException.class, done::bytes));
            assertArrayEquals(filled(4 * BLOCK, 0x55), bad, "untouched");
        }
    }

    @Test
    void memoryThatIsGoneFailsItsReadAlone() throws IOException {
        try (DirectFile file = file(bouncing(), filled(2 * BLOCK, 7));
                DirectQueue queue = queue(2)) {
            byte[] back = new byte[BLOCK];
            try (Arena gone = Arena.ofConfined()) {
                queue.read(file, gone.allocate(BLOCK), 0, 1);
                queue.read(file, heap(back), BLOCK, 2);
            }
            queue.await(
                    2,
                    done -> {
                        if (done.token() == 1) {
                            assertThrows(IllegalStateException.class, done::bytes);
                        } else {
                            assertEquals(BLOCK, done.bytes());
                        }
                    });
            assertArrayEquals(filled(BLOCK, 7), back);
        }
    }

    @Test
    void onlyMemoryOfAPinnedArenaIsPinned() throws IOException {
        try (Arena foreign = Arena.ofShared();
                PinnedArena confined = PinnedArena.ofConfined();
                DirectFile file = file(options().transfer(Transfer.AUTO), new byte[BLOCK]);
                DirectFile pinning = file(options().transfer(Transfer.PIN), new byte[0]);
                DirectQueue queue = queue(1)) {
            for (MemorySegment memory :
                    List.of(foreign.allocate(BLOCK, BLOCK), heap(new byte[BLOCK]))) {
                queue.write(file, memory, 0, 1);
                queue.await(1, done -> assertEquals(Transfer.BOUNCE, done.transfer()));
                queue.write(pinning, memory, 0, 2);
                queue.await(
                        1,
                        done -> {
                            IllegalArgumentException e =
                                    assertThrows(IllegalArgumentException.class, done::bytes);
                            assertSays(e, "PinnedArena");
                        });
            }
            for (MemorySegment memory : List.of(arena.allocate(BLOCK), confined.allocate(BLOCK))) {
                queue.write(pinning, memory, 0, 3);
                queue.await(
                        1,
                        done -> {
                            assertEquals(BLOCK, done.bytes());
                            assertEquals(Transfer.PIN, done.transfer());
                        });
                queue.read(file, memory, 0, 4);
                queue.await(1, done -> assertEquals(BLOCK, done.bytes()));
            }
        }
    }

    @Test
    void anArenaInUseDoesNotClose() throws IOException {
        PinnedArena own = PinnedArena.ofShared();
        try (DirectFile file = file(options().transfer(Transfer.PIN), new byte[0]);
                DirectQueue queue = queue(1)) {
            MemorySegment memory = own.allocate(BLOCK);
            memory.fill((byte) 9);
            queue.write(file, memory, 0, 1);
            assertSays(assertThrows(IllegalStateException.class, own::close), "requests=1");
            assertEquals(9, bytesOf(memory)[0]);
            finish(queue);
            own.close();
            assertTrue(!memory.scope().isAlive());
            assertInstanceOf(
                    IllegalStateException.class,
                    assertThrows(RuntimeException.class, () -> queue.write(file, memory, 0, 2)));
            assertEquals(0, queue.pending());
        }
    }
}
