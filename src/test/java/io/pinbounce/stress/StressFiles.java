package io.pinbounce.stress;

import io.pinbounce.DirectFile;
import io.pinbounce.DirectIo;
import io.pinbounce.DirectOptions;
import io.pinbounce.IoService;
import io.pinbounce.Protection;
import io.pinbounce.Transfer;
import io.pinbounce.buffer.BouncePool;
import io.pinbounce.contract.Place;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.Stream;

/**
 * The files that all actors use at once. Each is closed and opened again at any time, so that
 * descriptors come back for other files; requests to a closed file are refused.
 *
 * <p>The first files are guarded, and every actor writes all of their blocks. The last one is not,
 * and its memory is pinned: there, each block has a single writer.
 */
class StressFiles implements AutoCloseable {

    static final int GUARDED = 2;

    /** The number of the file that is pinned. */
    static final int PINNED = GUARDED;

    static final int BLOCKS = 256;

    private final List<Path> paths;

    private final BouncePool pool;

    private final IoService service;

    /** Keeps the tuples, which are in memory, from the first to the last. */
    private final List<DirectFile> anchors = new ArrayList<>();

    private final AtomicReferenceArray<DirectFile> files = new AtomicReferenceArray<>(GUARDED + 1);

    /** To be closed once the queues that use them are. */
    private final Queue<DirectFile> retired = new ConcurrentLinkedQueue<>();

    StressFiles(Place place, BouncePool pool, IoService service) throws IOException {
        paths = Stream.generate(place::newPath).limit(PINNED + 1).toList();
        this.pool = pool;
        this.service = service;
        for (int file = 0; file <= PINNED; file++) {
            DirectFile anchor = open(file);
            anchors.add(anchor);
            MemorySegment all = MemorySegment.ofArray(new byte[BLOCKS * Stamp.BLOCK]);
            for (int block = 0; block < BLOCKS; block++) {
                original(number(file, block))
                        .write(all.asSlice((long) block * Stamp.BLOCK, Stamp.BLOCK));
            }
            try (DirectFile bouncing = open(file, Transfer.BOUNCE)) {
                bouncing.write(all, 0);
            }
            files.set(file, open(file));
        }
    }

    private DirectFile open(int file) throws IOException {
        return open(file, file < GUARDED ? Transfer.BOUNCE : Transfer.PIN);
    }

    private DirectFile open(int file, Transfer transfer) throws IOException {
        Protection protection =
                file < GUARDED ? Protection.t10(Stamp.BLOCK).memory() : Protection.none();
        return DirectFile.open(
                paths.get(file),
                DirectOptions.readWrite()
                        .create()
                        .transfer(transfer)
                        .protection(protection)
                        .directIo(DirectIo.PREFERRED)
                        .bouncePool(pool)
                        .ioService(service));
    }

    /** A number for each block of each file. */
    static long number(int file, int block) {
        return (long) file * BLOCKS + block;
    }

    /** What a block holds at first. */
    static Stamp original(long number) {
        return new Stamp(number, -1, 0);
    }

    DirectFile get(int file) {
        return files.get(file);
    }

    /** Where a block is read from. */
    long readPosition(int block) {
        return (long) block * Stamp.BLOCK;
    }

    /** Closes a file while actors use it, and opens it again. */
    void reopen(int file) throws IOException {
        DirectFile old = files.getAndSet(file, open(file));
        retired.add(old);
        for (int left = retired.size(); left > 0; left--) {
            DirectFile next = retired.poll();
            if (next != null) {
                retire(next);
            }
        }
    }

    private void retire(DirectFile file) throws IOException {
        try {
            file.close();
        } catch (IllegalStateException _) {
            retired.add(file); // a queue has requests on it, which only its owner can end
        }
    }

    @Override
    public void close() throws IOException {
        for (DirectFile file = retired.poll(); file != null; file = retired.poll()) {
            file.close();
        }
        for (int file = 0; file <= PINNED; file++) {
            files.get(file).close();
            anchors.get(file).close();
        }
    }
}
