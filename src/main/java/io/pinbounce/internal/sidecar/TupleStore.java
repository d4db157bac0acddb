package io.pinbounce.internal.sidecar;

import io.pinbounce.internal.engine.FileHandle;
import io.pinbounce.internal.engine.Submission;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.MemorySegment;

/**
 * What is kept of the tuples of one inode. A tuple is kept as a seal, see {@link Seals}.
 *
 * <p>The caller holds the intervals' range: exclusively to change them, shared to read them. Calls
 * for intervals that do not overlap may come from several threads at once.
 *
 * <p><b>Writing.</b> Before data is sent, an {@link Intent} says what it will be:
 *
 * <pre>{@code
 * store.enter(intent);
 * while (step != RECORDED) {
 *     step = store.next(intent);     // WAIT: until the intent's waiter is run
 *                                    // LEAD: write intent.record() to the log and force it, then
 *     store.recorded(intent, 0);     //       report it
 * }
 * ...                                // send the data
 * store.store(first, seals, ...);    // it is in place
 * store.leave(intent);               // always, also after a failure
 * }</pre>
 */
public interface TupleStore {

    /** What is known about an interval. */
    enum State {
        /** Its seal is here. An interval that was never written is one of zeros. */
        PROTECTED(0),
        /** Nothing: its data predates protection, so reads return it unverified. */
        UNPROTECTED(1),
        /** A write that failed, or was cut short, left it in an unknown state. */
        DAMAGED(2),
        /** It has a seal, but the place where that was kept is damaged. */
        LOST(3);

        private static final State[] BY_CODE = {PROTECTED, UNPROTECTED, DAMAGED, LOST};

        private final byte code;

        State(int code) {
            this.code = (byte) code;
        }

        /** The state as two bits, in memory and on disks. */
        byte code() {
            return code;
        }

        static State of(int code) {
            return BY_CODE[code];
        }
    }

    /**
     * The file that records are written to.
     *
     * @return open, with what positions and lengths are multiples of
     * @throws UnsupportedOperationException if no intent of this store ever leads
     */
    default Log log() {
        throw new UnsupportedOperationException("this store has no log");
    }

    /**
     * A file that records go to.
     *
     * @param file open
     * @param block what positions and lengths are multiples of
     * @param op the operation after which a record is durable
     */
    record Log(FileHandle file, int block, Submission.Op op) {}

    /** How a thread waits; any thread ends the wait by {@link #run}. */
    interface Waiter extends Runnable {

        /** Waits until {@link #run} was called since the last wait. */
        void await();
    }

    /**
     * How seals of this store are made.
     *
     * @return with digests, or without
     */
    Seals seals();

    /**
     * Says what is known. May have to read it first, in a call that blocks.
     *
     * @param first number of the first interval
     * @param count how many intervals
     * @param into is cleared, and filled
     * @throws SealException if it cannot be read
     */
    void load(long first, int count, SealRun into) throws SealException;

    /**
     * What {@link #load} would have to read first. The caller may read it in its own way, which
     * need not block, and have it installed; or leave it to {@link #load}.
     *
     * @param first number of the first interval
     * @param count how many intervals
     * @return the first that is missing; null if nothing is
     */
    default @Nullable Missing missing(long first, int count) {
        return null;
    }

    /**
     * Takes what was read; nothing is done if it has changed meanwhile.
     *
     * @param missing what was asked for
     * @param memory what was there
     */
    default void install(Missing missing, MemorySegment memory) {}

    /**
     * A part of the store's file.
     *
     * @param file open for reading
     * @param position bytes from its start, whole pages like the length
     * @param length bytes
     * @param version tells whether it has changed meanwhile
     */
    record Missing(FileHandle file, long position, int length, long version) {}

    /**
     * How far intervals reach that were never written, so that nothing is kept of any: all are
     * zeros, or all are unprotected. Costs no more for many than for few.
     *
     * @param first number of the first interval
     * @param end the number behind the last
     * @return the number behind the last of them, {@code first} if there are none
     */
    long unwritten(long first, long end);

    /**
     * The first page of tuples that starts behind an interval.
     *
     * @param interval a number
     * @return the number of the page's first interval
     */
    long nextPage(long interval);

    /**
     * Takes unprotected intervals for zeros that were never written, which they are: the caller has
     * forced all data, and found a hole there. Only whole pages of tuples are taken, since a page
     * need not be written for them; other intervals are left alone. In effect once {@link #force}
     * has made it durable, if most intervals that were never written are taken.
     *
     * @param first number of the first interval; the caller has exclusive use of all
     * @param end as {@link #unwritten} says
     * @return the number behind the last that is taken, {@code first} if none is
     */
    default long takeForZeros(long first, long end) {
        return first;
    }

    /**
     * Intervals of one intent at the most.
     *
     * @return at least 128
     */
    default int mostIntervals() {
        return Integer.MAX_VALUE;
    }

    /**
     * Whether an intent to write over unprotected intervals has to say what is there.
     *
     * @return true if {@link Intent#base()} is to be filled
     */
    default boolean wantsBase() {
        return false;
    }

    /**
     * Says what will be written. Nothing is sent before {@link #next} says that it is on record.
     *
     * @param intent set; the store's until {@link #leave}
     * @throws SealException if the store has failed; the intent is not entered
     */
    void enter(Intent intent) throws SealException;

    /**
     * Says what the writer does next.
     *
     * @param intent entered
     * @return what the caller does now
     * @throws SealException if it cannot be put on record: nothing may be sent
     */
    default Intent.Step next(Intent intent) throws SealException {
        return Intent.Step.RECORDED;
    }

    /**
     * Says what came of the record that the caller was to write.
     *
     * @param intent the one that was told to lead
     * @param failed 0 if all of the record is durable, else {@code -errno}
     * @throws SealException if it is not
     */
    default void recorded(Intent intent, long failed) throws SealException {}

    /**
     * Takes over the seals of data that is in place.
     *
     * @param first number of the interval that the run starts with
     * @param seals states and seals
     * @param from the first index that is taken
     * @param to the index behind the last
     */
    void store(long first, SealRun seals, int from, int to);

    /**
     * The write has ended, well or not. Does nothing if the intent is not entered.
     *
     * @param intent entered
     */
    void leave(Intent intent);

    /**
     * Makes durable what is stored, if forcing the data does not do that already. Called once the
     * data is durable.
     *
     * @throws SealException if that fails, which is final
     */
    default void force() throws SealException {}

    /**
     * Forcing the data has failed: it stays unknown how much of it is durable, whatever later
     * forces return. The store keeps all that tells versions apart.
     */
    default void forceFailed() {}

    /**
     * Puts on record that the file is about to have another size. The caller holds the size lock,
     * and all that is cut off.
     *
     * @param size bytes
     * @param cut if the new end lies inside an interval: what that interval will be; else empty
     * @param base if that interval is unprotected, and {@link #wantsBase} says so: what it is; else
     *     empty
     * @param waiter how the caller's thread waits
     * @throws SealException if that fails: the size must stay
     */
    default void resizing(long size, SealRun cut, SealRun base, Waiter waiter)
            throws SealException {}

    /** The file kept the size that it had. */
    default void resizeFailed() {}

    /**
     * The file has that size now: all intervals behind it are forgotten. If they come back, they
     * are zeros.
     *
     * @param size bytes
     * @param cut as before
     * @throws SealException if that cannot be made durable
     */
    void resized(long size, SealRun cut) throws SealException;
}
