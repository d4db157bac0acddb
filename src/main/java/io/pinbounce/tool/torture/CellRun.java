package io.pinbounce.tool.torture;

import io.pinbounce.DirectFile;
import io.pinbounce.DirectIoException;
import io.pinbounce.ProtectionException;
import io.pinbounce.Transfer;
import io.pinbounce.buffer.PinnedArena;
import io.pinbounce.internal.linux.Errno;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.LongPredicate;

/**
 * Runs one cell and counts what goes wrong: operation after operation, or as many at once as the
 * cell is deep.
 *
 * <p>A buffer that a thread scribbles over is never compared with what it should be: a copy of it
 * may mix old and new bytes. What counts is whether data and protection information agree.
 */
abstract class CellRun implements AutoCloseable {

    final TortureCell cell;

    final WorkingSet set;

    final DirectFile file;

    final SplittableRandom random;

    final PinnedArena arena = PinnedArena.ofShared();

    private final MemorySegment readBack;

    private long operations;

    private long torn;

    private long refused;

    private long unreadable;

    private long falseErrors;

    private long misplaced;

    /**
     * What a cell runs with.
     *
     * @param file opened for this cell, and closed by the code that opened it
     * @param seed of the run
     */
    record Setting(TortureCell cell, WorkingSet set, DirectFile file, long seed) {}

    CellRun(Setting setting) {
        cell = setting.cell;
        set = setting.set;
        file = setting.file;
        random = new SplittableRandom(cell.seed(setting.seed));
        readBack = arena.allocate(cell.size());
    }

    /** Bytes of the buffer that one operation uses. */
    final int bufferSize() {
        return cell.kind() == TortureCase.SAME_BUFFER_READ ? set.block() : cell.size();
    }

    /** The buffers of one operation: the same one again and again, or a single one. */
    final List<MemorySegment> buffers(MemorySegment buffer) {
        if (cell.kind() != TortureCase.SAME_BUFFER_READ) {
            return List.of(buffer);
        }
        // At least two, so that one overwrites the other.
        return Collections.nCopies(Math.max(2, cell.size() / set.block()), buffer);
    }

    final Disturbance disturb(MemorySegment memory) {
        SplittableRandom own = random.split();
        return switch (cell.kind()) {
            case WRITE_RACE, READ_RACE, UNGUARDED_WRITE, UNGUARDED_READ ->
                    Mutator.start(memory, own);
            case MEMSET_WRITE -> Memset.start(memory, own);
            case SAME_BUFFER_READ, OUT_OF_ORDER, REWRITE -> new Disturbance.None();
        };
    }

    /** Operates until the predicate, given the number of operations so far, is false. */
    final void run(LongPredicate goOn) throws IOException {
        do {
            operate();
        } while (goOn.test(operations));
    }

    /** Does one operation, or one batch of them, and judges it. */
    abstract void operate() throws IOException;

    /** What moves the data. */
    abstract String engine();

    abstract long mutations();

    /**
     * Counts an operation; what was written is read back, bounced and undisturbed.
     *
     * @param taken whether it succeeded
     * @param position of its bytes
     */
    final void judge(boolean taken, long position) throws IOException {
        boolean reads = cell.kind().direction() == TortureCase.Direction.READ;
        boolean good = taken && (reads || readsBack(position));
        if (cell.kind().isGuarded()) {
            judge(good);
            return;
        }
        operations++;
        if (!taken && !reads) {
            refused++;
        } else if (!good) {
            unreadable++;
        }
    }

    /** Whether data and protection information on the target agree. */
    final boolean readsBack(long position) throws IOException {
        return succeeds(() -> set.quiet().read(readBack, position));
    }

    /** The memory that was last read back into. */
    final MemorySegment readBack() {
        return readBack;
    }

    /** Counts an operation. */
    final void judge(boolean good) {
        operations++;
        if (good) {
            return;
        }
        if (cell.kind().direction() == TortureCase.Direction.WRITE || cell.mode() == Transfer.PIN) {
            torn++;
        } else {
            falseErrors++;
        }
    }

    /** Counts completions that belonged to another request, or brought its data. */
    final void misplace(long count) {
        misplaced += count;
    }

    /** A transfer that may throw. */
    interface Transferring {
        void run() throws IOException;
    }

    /** Whether data and protection information agree; any other failure ends the run. */
    static boolean succeeds(Transferring transfer) throws IOException {
        try {
            transfer.run();
            return true;
        } catch (ProtectionException e) {
            return false;
        } catch (DirectIoException e) {
            // A device that checks guards, or a file system with checksums, found the damage first.
            if (e.errno() == Errno.EIO || e.errno() == Errno.EILSEQ) {
                return false;
            }
            throw e;
        }
    }

    final CellResult result() {
        return new CellResult(
                cell,
                engine(),
                new CellResult.Counts(
                        operations,
                        mutations(),
                        torn,
                        refused,
                        unreadable,
                        falseErrors,
                        misplaced));
    }

    /** Stops what disturbs the buffers, then frees them. */
    @Override
    public void close() {
        arena.close();
    }
}
