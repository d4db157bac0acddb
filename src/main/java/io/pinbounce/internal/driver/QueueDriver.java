package io.pinbounce.internal.driver;

import io.pinbounce.internal.driver.QueuedRequest.State;
import io.pinbounce.internal.engine.Completions;
import io.pinbounce.internal.engine.IoRing;
import io.pinbounce.internal.engine.Submission;
import io.pinbounce.internal.linux.Errno;
import io.pinbounce.internal.thread.OwnedQueue;
import io.pinbounce.internal.thread.QueueOwner;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * All requests of a queue on their way through the pipeline: moves each on when the ring, or a
 * request that made way, has brought what it waits for. For the queue's owner, but {@link #tell}.
 */
public final class QueueDriver implements OwnedQueue {

    /** How long a thread waits in one place for what may come about in another. */
    private static final long TURN = 1_000_000; // nanoseconds

    /**
     * Bytes that the owner copies, guards or verifies at a stretch: then it sends what there is to
     * send, for the device is not to wait meanwhile.
     */
    private static final long STRETCH = 512 << 10;

    private static final System.Logger LOG = System.getLogger("io.pinbounce");

    private final QueueOwner owner;

    private final IoRing ring;

    private final QueuedRequest[] requests;

    private final Submission submission = new Submission();

    private final Completions completions;

    /** How many of those were taken. */
    private int taken;

    /** Whether the ring was given something that it has not sent, and how many bytes. */
    private boolean unsent;

    private long unsentBytes;

    /** Numbers of places that are free: a stack. */
    private final int[] free;

    private int freeCount;

    /** Numbers of places that are done, in that order: a circle. */
    private final int[] done;

    private int doneFirst;

    private int doneCount;

    /** Requests that wait for a range or a slot, and those that the ring has. */
    private int waiting;

    private int inFlight;

    /** Requests that may go on. */
    private final Told told = new Told();

    private @Nullable IOException broken;

    /** Whether only the library knows it any more. */
    private volatile boolean dropped;

    /** Held while it is closed, and while the owner carries on with it in some other call. */
    private final ReentrantLock closing = new ReentrantLock();

    private volatile boolean closed;

    public QueueDriver(IoRing ring) {
        this.ring = ring;
        int depth = ring.depth();
        requests = new QueuedRequest[depth];
        completions = new Completions(depth);
        free = new int[depth];
        done = new int[depth];
        freeCount = depth;
        for (int slot = 0; slot < depth; slot++) {
            requests[slot] = new QueuedRequest(slot, this);
            free[slot] = depth - 1 - slot;
        }
        owner = new QueueOwner(this);
    }

    @Override
    public boolean isOwned() {
        return owner.isCurrent();
    }

    @Override
    public boolean isAbandoned() {
        return owner.hasEnded();
    }

    @Override
    public boolean isClosed() {
        return closed;
    }

    public void requireOwner() {
        owner.require();
    }

    public int depth() {
        return requests.length;
    }

    /** Requests that have no result yet. */
    public int underWay() {
        return waiting + inFlight;
    }

    /** Requests whose result was not taken. */
    public int done() {
        return doneCount;
    }

    /** Requests whose result was not taken, and those that have none. */
    public int pending() {
        return depth() - freeCount;
    }

    /** Refuses other threads, a closed queue, and a ring that has failed. */
    public void requireGood() throws IOException {
        requireOwner();
        if (closed) {
            throw new IllegalStateException("the queue is closed");
        }
        requireWhole();
    }

    private void requireWhole() throws IOException {
        if (broken != null) {
            throw new IOException(broken.getMessage(), broken);
        }
    }

    /** The place that the next request takes with {@link #begin}; null if there is none. */
    public @Nullable QueuedRequest place() {
        return freeCount == 0 ? null : requests[free[freeCount - 1]];
    }

    public void begin(QueuedRequest place, Admission file, long token) throws IOException {
        freeCount--;
        place.begin(file, token, submission);
        sort(place);
        if (unsentBytes >= STRETCH) {
            send(0, 0);
        }
    }

    /** Puts a request that was moved on where it belongs now. */
    private void sort(QueuedRequest request) {
        switch (request.state()) {
            case WAITING -> waiting++;
            case IN_FLIGHT -> {
                ring.prep(request.slot, submission);
                unsent = true;
                unsentBytes += submission.length();
                inFlight++;
            }
            case DONE -> {
                done[(doneFirst + doneCount) % done.length] = request.slot;
                doneCount++;
            }
            case FREE -> throw new AssertionError("a request that was moved on is somewhere");
        }
    }

    /** Takes the result that has waited longest. */
    public void takeDone(TakenResult result) {
        QueuedRequest request = requests[done[doneFirst]];
        doneFirst = (doneFirst + 1) % done.length;
        doneCount--;
        request.complete(result);
        free[freeCount++] = request.slot;
    }

    /**
     * The same as {@link #enter}; but a request that waits may do so for one in another queue of
     * this thread, so those have their turns.
     */
    public void await(int transfers, long nanos) throws IOException {
        if (waiting > 0) {
            QueueOwner.watchAll();
        }
        List<OwnedQueue> queues = waiting == 0 ? List.of() : QueueOwner.queues();
        if (queues.size() < 2) {
            enter(transfers, nanos);
            return;
        }
        enter(transfers, Math.min(nanos, TURN));
        for (OwnedQueue queue : queues) {
            if (queue != this) {
                queue.carryOnUntil(() -> false, 0);
            }
        }
    }

    /**
     * Sends, waits for as many transfers, and moves on requests that can be: all, unless that is a
     * lot of work; the next call goes on with it.
     */
    public void enter(int transfers, long nanos) throws IOException {
        requireWhole();
        int before = doneCount;
        while (!told.isEmpty()) {
            moveTold();
        }
        if (taken < completions.count()) {
            send(0, 0);
        } else {
            // Those that have failed meanwhile bring no transfer. With nothing in flight only a
            // wake-up can come, if any request is left: one of those that wait is told.
            int most = underWay() == 0 ? 0 : Math.max(inFlight, 1);
            send(Math.clamp(transfers - (doneCount - before), 0, most), nanos);
            drain();
        }
        take();
        moveTold(); // once: a leader waits for what the caller asks for next
        if (unsent && doneCount > 0) {
            send(0, 0); // what the caller does with those that are done may take long
        }
    }

    /** Moves on the requests whose transfers were brought, for one stretch. */
    private void take() {
        long bytes = 0;
        while (taken < completions.count() && bytes < STRETCH) {
            int next = taken++;
            long result = completions.result(next);
            QueuedRequest request = requests[completions.slot(next)];
            inFlight--;
            request.accept(result, completions.forced(next), submission);
            sort(request);
            bytes += Math.max(result, 0);
        }
    }

    private void send(int transfers, long nanos) throws IOException {
        unsent = false;
        unsentBytes = 0;
        int result;
        try {
            result = ring.enter(transfers, nanos);
        } catch (IllegalStateException e) {
            throw breakDown(String.valueOf(e.getMessage()), e);
        }
        if (result < 0) {
            throw breakDown("the ring failed, errno=" + Errno.describe(-result), null);
        }
    }

    private void drain() throws IOException {
        taken = 0;
        completions.clear();
        try {
            ring.drain(completions);
        } catch (IllegalStateException e) {
            throw breakDown(String.valueOf(e.getMessage()), e);
        }
    }

    private IOException breakDown(String why, @Nullable Throwable cause) {
        IOException failure =
                new IOException(why + "; close the queue, its requests have failed", cause);
        broken = failure;
        endAll(failure);
        return failure;
    }

    /** Closes the ring, which waits for what it has, and ends all requests: they have failed. */
    private void endAll(@Nullable Throwable cause) {
        if (isOwned()) {
            ring.close();
        } else {
            ring.closeForOwner();
        }
        for (QueuedRequest request : requests) {
            if (request.file() != null) {
                request.end(new IOException("the queue ended before the request was done", cause));
                sort(request);
            }
        }
        waiting = 0;
        inFlight = 0;
    }

    /** Moves on the requests that wait and were told, in that order. */
    private void moveTold() {
        QueuedRequest request = told.takeAll();
        while (request != null) {
            QueuedRequest next = Told.next(request);
            if (request.state() == State.WAITING) {
                waiting--;
                request.move(submission);
                sort(request);
            }
            request = next;
        }
    }

    /** A request that waits may go on. For any thread. */
    public void tell(QueuedRequest request) {
        if (told.add(request) && !owner.isCurrent()) {
            ring.wake();
        }
    }

    @Override
    public void carryOnUntil(BooleanSupplier reached, long nanos) {
        if (dropped || !closing.tryLock()) {
            LockSupport.parkNanos(Math.min(nanos, TURN)); // another thread ends it
            return;
        }
        try {
            if (!closed && !reached.getAsBoolean()) {
                enter(1, nanos);
                if (underWay() == 0 && !reached.getAsBoolean()) {
                    LockSupport.parkNanos(nanos); // nothing of ours: the owner is unparked as well
                }
            }
        } catch (IOException e) {
            // The queue's next call says so; what is waited for may come about all the same.
            LockSupport.parkNanos(TURN);
        } finally {
            closing.unlock();
        }
    }

    @Override
    public void wake() {
        ring.wake();
    }

    @Override
    public void close() throws IOException {
        if (!isAbandoned()) {
            requireOwner();
        }
        closeOnce();
    }

    /**
     * Ends it in place of its owner, since its queue is unreachable. What is in flight is waited
     * for; requests that were not sent fail.
     */
    public void drop() {
        if (closed) {
            return;
        }
        dropped = true;
        wake(); // if the owner carries on with it, in either place
        owner.unpark();
        try {
            closeOnce();
        } catch (IOException | RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "the dropped " + this + " cannot be ended", e);
        }
    }

    private void closeOnce() throws IOException {
        closing.lock(); // several threads may bury an abandoned queue: all wait until it is done
        try {
            if (!closed) {
                closed = true;
                owner.unwatch();
                closeNow();
            }
        } finally {
            closing.unlock();
        }
    }

    private void closeNow() throws IOException {
        Failures failures = new Failures();
        if (isOwned()) {
            finish(failures);
        }
        try {
            if (broken == null) {
                endAll(null);
            }
        } finally {
            owner.leave();
        }
        failures.throwFirst();
    }

    private void finish(Failures failures) {
        try {
            while (underWay() > 0) {
                await(1, Long.MAX_VALUE);
            }
        } catch (IOException _) {
            // The requests that it ended say so.
        }
        TakenResult result = new TakenResult();
        while (doneCount > 0) {
            takeDone(result);
            failures.add(result.failure());
        }
    }

    @Override
    public String toString() {
        return "queue of thread " + owner + ", depth=" + depth();
    }
}
