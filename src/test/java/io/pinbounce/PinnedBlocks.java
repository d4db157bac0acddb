package io.pinbounce;

import io.pinbounce.buffer.PinnedArena;
import io.pinbounce.testing.RingsForbidden;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/**
 * A program that writes blocks of 1 MiB through a queue, out of pinned memory, and reads them back,
 * often enough for the queue to register the memory. It prints what moved them, and why that. With
 * the argument {@code forbidden}, no ring is allowed while it opens the queue.
 */
public final class PinnedBlocks {

    private static final int BLOCKS = 2;

    private static final int BLOCK = 1 << 20;

    /** Bytes that the program pins: each block once to be written, once to be read. */
    static final long MEMORY = 2L * BLOCKS * BLOCK;

    /** Memory is registered when bytes go through it for the second time. */
    private static final int ROUNDS = 2;

    private PinnedBlocks() {}

    public static void main(String[] args) throws Exception {
        boolean forbidden = args.length > 1 && args[1].equals("forbidden");
        try (DirectQueue queue =
                        forbidden
                                ? RingsForbidden.during(() -> DirectQueue.open(BLOCKS))
                                : DirectQueue.open(BLOCKS);
                PinnedArena arena = PinnedArena.ofShared()) {
            DirectOptions options =
                    DirectOptions.readWrite()
                            .createNew()
                            .transfer(Transfer.PIN)
                            .directIo(DirectIo.PREFERRED);
            try (DirectFile file = DirectFile.open(Path.of(args[0], "blocks"), options)) {
                move(queue, file, arena);
            }
            System.out.println(queue.engine() + ": " + queue.engineReason());
        }
    }

    private static void move(DirectQueue queue, DirectFile file, PinnedArena arena)
            throws IOException {
        MemorySegment data = arena.allocate(MEMORY / 2);
        MemorySegment back = arena.allocate(data.byteSize());
        for (int round = 0; round < ROUNDS; round++) {
            for (int i = 0; i < BLOCKS; i++) {
                MemorySegment block = data.asSlice((long) i * BLOCK, BLOCK);
                block.fill((byte) (i + 1));
                queue.write(file, block, (long) i * BLOCK, i);
            }
            queue.await(BLOCKS, Completion::bytes);
            for (int i = 0; i < BLOCKS; i++) {
                queue.read(file, back.asSlice((long) i * BLOCK, BLOCK), (long) i * BLOCK, i);
            }
            queue.await(BLOCKS, Completion::bytes);
        }
        long differs = back.mismatch(data);
        if (differs >= 0) {
            throw new AssertionError("other bytes came back, first=" + differs);
        }
    }
}
