package io.pinbounce.tool.bench.peers;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;

/**
 * Tries each contestant, and prints a line for each: its name and {@code ok}, {@code skipped:
 * REASON} or {@code failed: REASON}. A program of its own, because native code of other libraries
 * needs a permission that the library's tests do not give.
 */
final class PeerCheck {

    private static final int SIZE = 4096;

    private static final long LENGTH = 4L << 20;

    private final Path path;

    private PeerCheck(Path path) {
        this.path = path;
    }

    /**
     * Tries all.
     *
     * @param arguments a file that is made
     * @throws IOException if the file cannot be made
     */
    public static void main(String... arguments) throws IOException {
        PeerCheck check = new PeerCheck(Path.of(arguments[0]));
        PeerFile.fill(check.path, LENGTH);
        for (Contestant contestant : Contestant.values()) {
            System.out.println(contestant + " " + check.result(contestant));
        }
    }

    private String result(Contestant contestant) {
        try {
            String missing = contestant.missing();
            if (!missing.isEmpty()) {
                return "skipped: " + missing;
            }
            for (int depth : new int[] {1, 16}) {
                reads(contestant, depth);
                writes(contestant, depth);
            }
            return "ok";
        } catch (IOException | RuntimeException | LinkageError e) {
            return "failed: " + e;
        }
    }

    /** What is in memory afterwards are blocks of the file, and those that were asked for. */
    private void reads(Contestant contestant, int depth) throws IOException {
        try (Load load = new Load(path, LENGTH, Load.Order.RANDOM, SIZE, depth);
                Load twin = new Load(path, LENGTH, Load.Order.RANDOM, SIZE, depth);
                Peer peer = contestant.open(load)) {
            for (int round = 0; round < 3; round++) {
                for (int slot = 0; slot < depth; slot++) {
                    load.block(slot).fill((byte) -1);
                }
                Set<Long> asked = new HashSet<>();
                for (int i = 0; i < 5 * depth; i++) {
                    asked.add(twin.next());
                }
                peer.move(Peer.Direction.READ, 5L * depth);
                expect(load.next() == twin.next(), "all are asked for, and no more");
                int moved = 0;
                for (int slot = 0; slot < depth; slot++) {
                    if (!untouched(load.block(slot))) {
                        expect(asked.remove(PeerFile.origin(load.block(slot))), "right block");
                        moved++;
                    }
                }
                expect(moved > 0, "some memory was read to");
            }
        }
    }

    /** Each block of the file is then a block of the memory, as far as was written. */
    private void writes(Contestant contestant, int depth) throws IOException {
        int requests = 5 * depth;
        try (Load load = new Load(path, LENGTH, Load.Order.SEQUENTIAL, SIZE, depth);
                Peer peer = contestant.open(load)) {
            for (int slot = 0; slot < depth; slot++) {
                load.block(slot).fill((byte) (slot + 1));
            }
            peer.move(Peer.Direction.WRITE, requests);
        }
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            ByteBuffer block = ByteBuffer.allocate(SIZE);
            for (int i = 0; i <= requests; i++) {
                long position = (long) i * SIZE;
                channel.read(block.clear(), position);
                byte first = block.get(0);
                boolean written = first >= 1 && first <= depth && uniform(block, first);
                expect(written == (i < requests), "written=" + written + " block=" + i);
            }
        }
        PeerFile.fill(path, LENGTH);
    }

    private static boolean untouched(MemorySegment block) {
        return uniform(block.asByteBuffer(), (byte) -1);
    }

    private static boolean uniform(ByteBuffer block, byte value) {
        for (int i = 0; i < SIZE; i++) {
            if (block.get(i) != value) {
                return false;
            }
        }
        return true;
    }

    private static void expect(boolean seen, String what) throws IOException {
        if (!seen) {
            throw new IOException("expected: " + what);
        }
    }
}
