package io.pinbounce.simulation;

import io.pinbounce.internal.engine.Completions;
import io.pinbounce.internal.engine.HookedEngine;
import io.pinbounce.internal.engine.IoEngine;
import io.pinbounce.internal.engine.IoRing;
import io.pinbounce.internal.engine.RingUnavailableException;
import io.pinbounce.internal.engine.Submission;

import org.jspecify.annotations.Nullable;

import java.lang.StackWalker.StackFrame;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.AbstractQueuedSynchronizer;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * An engine whose background task and whose caller take turns: the task runs on a thread of its
 * own, but from one call on the disk to the next, when the caller makes a call, and chance has it.
 *
 * <p>While the caller waits for what only the task can bring about, the task runs to its end. It
 * looks now and then whether the caller waits, and it does not matter when it sees that: the task
 * never stops while it holds a lock, so a caller that waits does so until the task ends. One thread
 * runs at a time, nothing depends on the scheduler, and a checkpoint meets requests in all their
 * stages.
 */
final class CutScheduler extends HookedEngine {

    private static final ExecutorService THREADS =
            Executors.newCachedThreadPool(
                    task -> Thread.ofPlatform().daemon().name("background").unstarted(task));

    /** Its loads share a lock while they call the disk, and its writes have that lock alone. */
    private static final String PAGES = "io.pinbounce.internal.sidecar.TuplePages";

    private static final String WRITE = "write";

    /** How often a task that is stopped looks whether the caller waits: ever less often. */
    private static final long LOOK_AGAIN = 20_000; // nanoseconds

    private static final long LOOK_SELDOM = 1_000_000; // nanoseconds

    private final IoEngine engine;

    private final RandomGenerator random;

    private final ReentrantLock lock = new ReentrantLock();

    private final Condition changed = lock.newCondition();

    private volatile State state = State.NONE;

    private volatile Thread caller = Thread.currentThread();

    private volatile @Nullable Thread task;

    /** What the background task is doing. */
    private enum State {
        /** There is none. */
        NONE,
        /** It has its turn. */
        RUNNING,
        /** It is about to make a call. */
        STOPPED,
        /** It runs to its end, since the caller waits for that. */
        ENDING;

        boolean isRunning() {
            return this == RUNNING || this == ENDING;
        }
    }

    CutScheduler(IoEngine engine, RandomGenerator random) {
        super(engine, _ -> {});
        this.engine = engine;
        this.random = random;
    }

    @Override
    public void background(Runnable work) {
        settle();
        if (state != State.NONE) {
            throw new AssertionError("there is one background task at a time");
        }
        caller = Thread.currentThread();
        change(State.RUNNING);
        THREADS.execute(() -> run(work));
        settle();
    }

    private void run(Runnable work) {
        task = Thread.currentThread();
        try {
            stop();
            work.run();
        } finally {
            task = null;
            change(State.NONE);
        }
    }

    private void change(State next) {
        lock.lock();
        try {
            state = next;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The task waits for its turn. */
    private void stop() {
        lock.lock();
        try {
            if (state == State.ENDING) {
                return;
            }
            change(State.STOPPED);
            long pause = LOOK_AGAIN;
            while (state == State.STOPPED) {
                changed.awaitNanos(pause);
                pause = Math.min(2 * pause, LOOK_SELDOM);
                if (state == State.STOPPED && isAwaited()) {
                    state = State.ENDING;
                }
            }
        } catch (InterruptedException e) {
            throw new AssertionError("nothing interrupts the background task", e);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Whether the caller waits for the end of the task, or has ended itself. What it is parked for
     * tells: its own turn is another matter, and so is a lock, which the task never holds here. A
     * caller that is about to park, or was just let go, is asked for again: then both differ.
     */
    private boolean isAwaited() {
        Object before = LockSupport.getBlocker(caller);
        Thread.State now = caller.getState();
        Object after = LockSupport.getBlocker(caller);
        return switch (now) {
            case TERMINATED -> true;
            case WAITING, TIMED_WAITING ->
                    Objects.equals(before, after)
                            && !changed.equals(before)
                            && !(before instanceof AbstractQueuedSynchronizer);
            default -> false;
        };
    }

    /** The caller waits until the task is not running. */
    void settle() {
        lock.lock();
        try {
            while (state.isRunning()) {
                changed.await();
            }
        } catch (InterruptedException e) {
            throw new AssertionError("the scenario was given up", e);
        } finally {
            lock.unlock();
        }
        // Whether a wake-up of an earlier wait is left over depends on the scheduler: none is.
        LockSupport.unpark(Thread.currentThread());
        LockSupport.park();
    }

    /** The task has a turn. */
    private void step() {
        change(State.RUNNING);
        settle();
    }

    /** Whether it is the task that asks. */
    boolean isTask() {
        return Thread.currentThread() == task;
    }

    /** Before each call: the task may have some turns; or the task waits for its own. */
    private void turn() {
        if (isTask()) {
            if (!isInside(frame -> frame.getMethodName().equals(WRITE))) {
                stop();
            }
            return;
        }
        settle();
        if (state == State.NONE || isInside(_ -> true)) {
            return; // while the caller reads tuples, the task may have to wait for that
        }
        while (state == State.STOPPED && random.nextInt(3) == 0) {
            step();
        }
    }

    private static boolean isInside(Predicate<StackFrame> method) {
        return StackWalker.getInstance()
                .walk(
                        frames ->
                                frames.anyMatch(
                                        frame ->
                                                frame.getClassName().equals(PAGES)
                                                        && method.test(frame)));
    }

    @Override
    public String toString() {
        return "background task: " + state;
    }

    /** Lets the task come to its end. */
    void finish() {
        settle();
        while (state == State.STOPPED) {
            step();
        }
    }

    @Override
    public long transfer(Submission submission) {
        turn();
        return super.transfer(submission);
    }

    @Override
    public int force(int handle) {
        turn();
        return super.force(handle);
    }

    @Override
    public int truncate(int handle, long size) {
        turn();
        return super.truncate(handle, size);
    }

    @Override
    public int allocate(int handle, long position, long length) {
        turn();
        return super.allocate(handle, position, length);
    }

    @Override
    public int open(Path path, int flags) {
        turn();
        return super.open(path, flags);
    }

    @Override
    public int openUnnamed(Path path, int flags) {
        turn();
        return super.openUnnamed(path, flags);
    }

    @Override
    public int reopen(int handle, int flags) {
        turn();
        return super.reopen(handle, flags);
    }

    @Override
    public int link(int handle, Path path) {
        turn();
        return super.link(handle, path);
    }

    @Override
    public int setAttribute(int handle, String name, MemorySegment value) {
        turn();
        return super.setAttribute(handle, name, value);
    }

    @Override
    public IoRing openRing(int depth) {
        try {
            return new Ring(engine.openRing(depth));
        } catch (RingUnavailableException e) {
            throw new AssertionError("a simulated engine has rings", e);
        }
    }

    /** A ring that never really waits while the task could go on instead. */
    private final class Ring implements IoRing {

        private final IoRing ring;

        private final Completions done;

        private final Completions some;

        private volatile boolean woken;

        Ring(IoRing ring) {
            this.ring = ring;
            done = new Completions(ring.depth());
            some = new Completions(ring.depth());
        }

        @Override
        public String name() {
            return ring.name();
        }

        @Override
        public int depth() {
            return ring.depth();
        }

        @Override
        public void prep(int slot, Submission submission) {
            ring.prep(slot, submission);
        }

        @Override
        public int enter(int min, long nanos) {
            turn();
            int result = enterNow(min, 0);
            while (result >= 0 && done.count() < min && !woken && state == State.STOPPED) {
                step();
                result = enterNow(min - done.count(), 0);
            }
            if (result >= 0 && done.count() < min && !woken && nanos > 0) {
                result = enterNow(min - done.count(), nanos);
            }
            woken = false;
            return result;
        }

        private int enterNow(int min, long nanos) {
            int result = ring.enter(min, nanos);
            some.clear();
            ring.drain(some);
            for (int i = 0; i < some.count(); i++) {
                done.add(some.slot(i), some.result(i), some.forced(i));
            }
            return result;
        }

        @Override
        public void drain(Completions out) {
            for (int i = 0; i < done.count(); i++) {
                out.add(done.slot(i), done.result(i), done.forced(i));
            }
            done.clear();
        }

        @Override
        public void wake() {
            woken = true;
            ring.wake();
        }

        @Override
        public void close() {
            ring.close();
        }

        @Override
        public void closeForOwner() {
            ring.closeForOwner();
        }
    }
}
