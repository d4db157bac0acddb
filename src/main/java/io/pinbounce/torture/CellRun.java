package io.pinbounce.torture;

import io.pinbounce.DirectFile;
import io.pinbounce.DirectIoException;
import io.pinbounce.ProtectionException;
import io.pinbounce.Transfer;
import io.pinbounce.buffer.PinnedArena;
import io.pinbounce.linux.Errno;
import io.pinbounce.torture.TortureCase.Direction;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.LongPredicate;

/**
 * Runs one cell: operation after operation on a buffer that somebody disturbs.
 *
 * <p>Contents are never compared with what they should be: a copy of a buffer under mutation may
 * mix old and new bytes. What counts is whether data and protection information agree.
 */
final class CellRun implements AutoCloseable {

    private final TortureCell cell;

    private final WorkingSet set;

    private final DirectFile file;

    private final SplittableRandom random;

    private final PinnedArena arena = PinnedArena.ofShared();

    private final List<MemorySegment> memory;

    private final MemorySegment readBack;

    private final Disturbance disturbance;

    private long operations;

    private long torn;

    private long falseErrors;

    /**
     * Prepares a cell and starts what disturbs it.
     *
     * @param file opened for this cell; whoever opened it closes it
     */
    CellRun(TortureCell cell, WorkingSet set, DirectFile file, long seed) {
        this.cell = cell;
        this.set = set;
        this.file = file;
        this.random = new SplittableRandom(cell.seed(seed));
        boolean same = cell.kind() == TortureCase.SAME_BUFFER_READ;
        MemorySegment buffer = arena.allocate(same ? set.block() : cell.size());
        this.memory = Collections.nCopies(same ? copies() : 1, buffer);
        this.readBack = arena.allocate(cell.size());
        SplittableRandom own = random.split();
        this.disturbance =
                switch (cell.kind()) {
                    case WRITE_RACE, READ_RACE -> Mutator.start(buffer, own);
                    case MEMSET_WRITE -> Memset.start(buffer, own);
                    case SAME_BUFFER_READ -> new Disturbance.None();
                };
    }

    /** A single block would not be overwritten by anything. */
    private int copies() {
        return Math.max(2, cell.size() / set.block());
    }

    /** Goes on for as long as the predicate, given the number of operations so far, says so. */
    void run(LongPredicate goOn) throws IOException {
        do {
            operate();
            operations++;
        } while (goOn.test(operations));
    }

    private void operate() throws IOException {
        Direction direction = cell.kind().direction();
        long length = memory.size() * memory.getFirst().byteSize();
        long position = set.position(direction, length, random);
        disturbance.begin();
        boolean good;
        try {
            good =
                    direction == Direction.READ
                            ? succeeds(() -> file.read(memory, position))
                            : succeeds(() -> file.write(memory, position));
        } finally {
            disturbance.end();
        }
        if (direction == Direction.WRITE) {
            good = good && succeeds(() -> set.quiet().read(readBack, position));
        }
        if (!good && (direction == Direction.WRITE || cell.mode() == Transfer.PIN)) {
            torn++;
        } else if (!good) {
            falseErrors++;
        }
    }

    private interface Transferring {
        void run() throws IOException;
    }

    /** Whether data and protection information agree; any other failure ends the run. */
    private static boolean succeeds(Transferring transfer) throws IOException {
        try {
            transfer.run();
            return true;
        } catch (ProtectionException e) {
            return false;
        } catch (DirectIoException e) {
            // A device that checks guards, or a file system with checksums of its own, was faster.
            if (e.errno() == Errno.EIO || e.errno() == Errno.EILSEQ) {
                return false;
            }
            throw e;
        }
    }

    CellResult result() {
        return new CellResult(
                cell, file.engine(), operations, disturbance.mutations(), torn, falseErrors);
    }

    /** Stops what disturbs the buffer, then frees it. */
    @Override
    public void close() {
        disturbance.close();
        arena.close();
    }
}
