package io.pinbounce;

import io.pinbounce.engine.Completions;
import io.pinbounce.engine.IoEngine;
import io.pinbounce.engine.IoRing;
import io.pinbounce.engine.RingUnavailableException;
import io.pinbounce.engine.Submission;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * An engine whose background task and whose caller take turns: the task runs on a thread of its
 * own, but from one call on the disk to the next, when the caller makes a call, and chance has it.
 * While the caller waits for something that only the task can bring about, the task goes on. So one
 * thread runs at a time, nothing depends on the scheduler, and a checkpoint meets requests in all
 * its stages.
 */
final class CutTurns extends HookedEngine {

    private static final ExecutorService THREADS =
            Executors.newCachedThreadPool(
                    task -> Thread.ofPlatform().daemon().name("background").unstarted(task));

    private static final String PAGES = "io.pinbounce.seal.TuplePages";

    private static final long LOOK_AGAIN = 20; // microseconds

    private final IoEngine engine;

    private final RandomGenerator random;

    private volatile Thread caller = Thread.currentThread();

    private final Semaphore go = new Semaphore(0);

    private volatile State state = State.NONE;

    /** Whether the caller waits for the task to stop, and for nothing else. */
    private volatile boolean watching;

    private volatile @Nullable Thread task;

    /** What the background task is doing. */
    private enum State {
        /** There is none. */
        NONE,
        /** It has its turn. */
        RUNNING,
        /** It is about to make a call. */
        STOPPED
    }

    CutTurns(IoEngine engine, RandomGenerator random) {
        super(engine, _ -> {});
        this.engine = engine;
        this.random = random;
    }

    @Override
    public void background(Runnable work) {
        awaitStop();
        if (state == State.STOPPED) {
            throw new AssertionError("there is one background task at a time");
        }
        caller = Thread.currentThread();
        state = State.RUNNING;
        THREADS.execute(
                () -> {
                    task = Thread.currentThread();
                    stop();
                    work.run();
                    change(State.NONE);
                });
        awaitStop();
    }

    private synchronized void change(State next) {
        state = next;
        notifyAll();
    }

    /** The task waits for its turn. */
    private void stop() {
        change(State.STOPPED);
        boolean turn = false;
        while (!turn) {
            try {
                turn = go.tryAcquire(LOOK_AGAIN, TimeUnit.MICROSECONDS);
            } catch (InterruptedException e) {
                throw new AssertionError("nobody interrupts the background task", e);
            }
            if (!turn && !watching && isWaiting()) {
                state = State.RUNNING;
                turn = true;
            }
        }
    }

    private boolean isWaiting() {
        return switch (caller.getState()) {
            case WAITING, TIMED_WAITING, BLOCKED -> true;
            default -> false;
        };
    }

    /** The caller waits until the task is not running. */
    private void awaitStop() {
        watching = true;
        synchronized (this) {
            while (state == State.RUNNING) {
                try {
                    wait();
                } catch (InterruptedException e) {
                    throw new AssertionError("nobody interrupts the caller", e);
                }
            }
        }
        watching = false;
    }

    /** The task has a turn. */
    private void step() {
        watching = true;
        state = State.RUNNING;
        go.release();
        awaitStop();
    }

    /** Before each call: the task may have some turns; or the task waits for its own. */
    private void turn() {
        if (Thread.currentThread() == task) {
            stop();
            return;
        }
        if (state == State.NONE || holdsPages()) {
            return;
        }
        awaitStop();
        while (state == State.STOPPED && random.nextInt(3) == 0) {
            step();
        }
    }

    /** Whether the caller reads tuples, so that the task may have to wait for it to go on. */
    private static boolean holdsPages() {
        return StackWalker.getInstance()
                .walk(frames -> frames.anyMatch(frame -> frame.getClassName().equals(PAGES)));
    }

    /** Lets the task come to its end. */
    void finish() {
        awaitStop();
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
    }
}
