package io.pinbounce.internal.driver;

import io.pinbounce.internal.driver.QueuedRequest.State;
import io.pinbounce.internal.engine.IoEngine;
import io.pinbounce.internal.engine.IoRing;
import io.pinbounce.internal.engine.Submission;
import io.pinbounce.internal.file.Failures;
import io.pinbounce.internal.linux.Log;
import io.pinbounce.internal.thread.OwnedQueue;
import io.pinbounce.internal.thread.QueueOwner;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * Takes all requests of a queue through the pipeline: moves each request on when its transfer is
 * done, or when another request has made way for it. For the queue's owner, but {@link #wake}.
 */
public final class QueueDriver implements OwnedQueue {

    /** How long a thread waits for one queue before it looks at its other queues again. */
    private static final long TURN = 1_000_000; // nanoseconds

    /**
     * After the owner has copied, guarded or verified this many bytes, it submits, so that the
     * device works meanwhile.
     */
    private static final long STRETCH = 512 << 10;

    private final IoEngine engine;

    private final QueueOwner owner;

    private final QueueRing ring;

    private final QueueSlots slots;

    private final Submission submission = new Submission();

    /** Numbers of requests that wait for a range or a pool slot, and that the ring has. */
    private int waiting;

    private int inFlight;

    /** Requests that may go on. */
    private final Told told = new Told();

    private @Nullable IOException broken;

    /** Whether the {@code DirectQueue} is unreachable. */
    private volatile boolean dropped;

    /**
     * Held while the queue is being closed, and while the owner carries on with it in another call.
     */
    private final ReentrantLock closing = new ReentrantLock();

    private volatile boolean closed;

    public QueueDriver(IoEngine engine, IoRing ring) {
        this.engine = engine;
        this.ring = new QueueRing(ring);
        slots = new QueueSlots(ring.depth(), this, told);
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
        return slots.depth();
    }

    /** Requests that have no result yet. */
    public int underWay() {
        return waiting + inFlight;
    }

    /** Requests whose result was not taken. */
    public int done() {
        return slots.done();
    }

    /** Requests whose result was not taken, and requests that have no result yet. */
    public int pending() {
        return slots.pending();
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

    /**
     * A free slot for one more request; {@link #begin} takes it.
     *
     * @throws IllegalStateException if the queue is full or closed
     * @throws IllegalArgumentException if the file is open on another engine than the queue
     */
    public QueuedRequest slotFor(Admission file) throws IOException {
        requireGood();
        if (!file.engine().equals(engine)) {
            throw new IllegalArgumentException(
                    "the file is open on another engine than the queue: file="
                            + (file.engine().name() + " queue=" + engine.name()));
        }
        QueuedRequest slot = slots.nextFree();
        if (slot == null) {
            throw new IllegalStateException(
                    "the queue is full: await completions before more requests, depth=" + depth());
        }
        return slot;
    }

    public void begin(QueuedRequest slot, Admission file, long token) throws IOException {
        slots.take();
        slot.begin(file, token, submission);
        sort(slot);
        if (ring.unsentBytes() >= STRETCH) {
            send(0, 0);
        }
    }

    /** Counts a request that was moved on by its new state. */
    private void sort(QueuedRequest request) {
        switch (request.state()) {
            case WAITING -> waiting++;
            case IN_FLIGHT -> {
                ring.prep(request.slot, submission);
                inFlight++;
            }
            case DONE -> slots.addDone(request);
            case FREE -> throw new AssertionError("a request that was moved on is not free");
        }
    }

    /** Takes the result that has waited longest, and frees its slot. */
    void takeDone(TakenResult result) {
        slots.takeDone(result);
    }

    /**
     * The same as {@link #enter}; but a request may wait for a request in another queue of this
     * thread, so this carries on with those queues, too.
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
     * Sends, waits for that many transfers, and moves on all requests that can go on; if that is
     * much work, only some: the next call continues.
     */
    public void enter(int transfers, long nanos) throws IOException {
        requireWhole();
        int before = slots.done();
        while (!told.isEmpty()) {
            moveTold();
        }
        if (ring.hasCompletion()) {
            send(0, 0);
        } else {
            // Requests that have failed meanwhile bring no transfer. With no transfer in flight,
            // only a wake-up can end the wait, and only if a request is left: then some waiting
            // request is told.
            int most = underWay() == 0 ? 0 : Math.max(inFlight, 1);
            send(Math.clamp(transfers - (slots.done() - before), 0, most), nanos);
            drain();
        }
        take();
        moveTold(); // once: a group's leader waits for requests that the caller makes next
        if (ring.hasUnsent() && slots.done() > 0) {
            send(0, 0); // the caller may work for long on the results
        }
    }

    /** Moves on requests whose transfers are done, until {@link #STRETCH} bytes were worked on. */
    private void take() {
        long bytes = 0;
        while (ring.hasCompletion() && bytes < STRETCH) {
            ring.takeCompletion();
            QueuedRequest request = slots.get(ring.slot());
            inFlight--;
            bytes += Math.max(ring.result(), 0);
            request.accept(ring.result(), ring.forced(), submission);
            sort(request);
        }
    }

    private void send(int transfers, long nanos) throws IOException {
        try {
            ring.send(transfers, nanos);
        } catch (IOException e) {
            throw breakDown(e);
        }
    }

    private void drain() throws IOException {
        try {
            ring.drain();
        } catch (IOException e) {
            throw breakDown(e);
        }
    }

    private IOException breakDown(IOException why) {
        String message =
                why.getMessage() + "; close the queue, its requests have failed, and open another";
        IOException failure = new IOException(message, why.getCause());
        broken = failure;
        endAll(failure);
        return failure;
    }

    /**
     * Closes the ring, which waits for its transfers in flight, and ends all requests as failed.
     */
    private void endAll(@Nullable Throwable cause) {
        ring.close(isOwned());
        for (int slot = 0; slot < slots.depth(); slot++) {
            QueuedRequest request = slots.get(slot);
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

    @Override
    public void carryOnUntil(BooleanSupplier reached, long nanos) {
        if (dropped || !closing.tryLock()) {
            LockSupport.parkNanos(Math.min(nanos, TURN)); // another thread closes the queue
            return;
        }
        try {
            if (!closed && !reached.getAsBoolean()) {
                enter(1, nanos);
                if (underWay() == 0 && !reached.getAsBoolean()) {
                    // No request is left, so the ring brings nothing: the thread that brings about
                    // what
                    // is waited for unparks the owner.
                    LockSupport.parkNanos(nanos);
                }
            }
        } catch (IOException e) {
            // The queue's next call throws this; the event that is waited for may still come.
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
     * Closes the queue in place of its owner, since it is unreachable. Transfers in flight are
     * waited for; requests that were not sent fail.
     */
    public void drop() {
        if (closed) {
            return;
        }
        dropped = true;
        wake(); // the owner may be carrying on with the queue, in the ring or parked
        owner.unpark();
        try {
            closeOnce();
        } catch (IOException | RuntimeException e) {
            Log.say(System.Logger.Level.ERROR, "the dropped " + this + " cannot be closed", e);
        }
    }

    private void closeOnce() throws IOException {
        closing.lock(); // several threads may close an abandoned queue: all wait until it is closed
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
            // The requests that were ended report the failure.
        }
        TakenResult result = new TakenResult();
        while (slots.done() > 0) {
            slots.takeDone(result);
            failures.add(result.failure());
        }
    }

    @Override
    public String toString() {
        return "queue of thread " + owner + ", depth=" + depth();
    }
}
