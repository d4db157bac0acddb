package io.pinbounce.internal.driver;

import io.pinbounce.internal.engine.Submission;
import io.pinbounce.internal.request.ForceRequest;
import io.pinbounce.internal.request.ReadRequest;
import io.pinbounce.internal.request.Request;
import io.pinbounce.internal.request.Request.Caller;
import io.pinbounce.internal.request.SealRequest;
import io.pinbounce.internal.request.WriteRequest;
import io.pinbounce.internal.thread.OwnedQueue;

import org.jspecify.annotations.Nullable;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A slot of a queue: it has one request at a time, and the objects that a request needs, which are
 * used again and again. The queue's owner moves the request on; other threads only tell it that it
 * may be able to go on.
 *
 * <pre>
 *   FREE --begin--&gt; WAITING, IN_FLIGHT --move, accept--&gt; DONE --complete--&gt; FREE
 * </pre>
 */
public final class QueuedRequest implements Runnable {

    /** The state of the slot. */
    enum State {
        /** The slot has no request. */
        FREE,
        /**
         * The request waits: other requests have its range, all slots of the pool, or write its
         * record.
         */
        WAITING,
        /** A transfer of the request was described to the ring. */
        IN_FLIGHT,
        /** The request is over; its result was not taken yet. */
        DONE
    }

    /** The slot's number in the ring. */
    final int slot;

    /** Whether the request is in {@link Told}, and the request that is linked behind it there. */
    final AtomicBoolean isTold = new AtomicBoolean();

    @Nullable QueuedRequest nextTold;

    private final OwnedQueue queue;

    private final Told told;

    private final ReadRequest read = new ReadRequest(Caller.GOES_ON, this);

    private final WriteRequest write;

    private final SealRequest seal;

    private final ForceRequest force = new ForceRequest(Caller.GOES_ON, this);

    private Request request = force;

    /** The file of the request. */
    private @Nullable Admission file;

    /** How many of the queue's requests are under way on that file. */
    private AtomicInteger underWay = new AtomicInteger();

    private long token;

    private State state = State.FREE;

    private @Nullable Throwable failure;

    /**
     * A free slot.
     *
     * @param slot its number
     * @param queue the queue that the slot belongs to
     * @param told takes this object when the request may be able to go on
     */
    QueuedRequest(int slot, OwnedQueue queue, Told told) {
        this.slot = slot;
        this.queue = queue;
        this.told = told;
        write = new WriteRequest(Caller.GOES_ON, queue, this);
        seal = new SealRequest(Caller.GOES_ON, queue, this);
    }

    /** Tells the owner that the request may be able to go on. For any thread. */
    @Override
    public void run() {
        if (told.add(this) && !queue.isOwned()) {
            queue.wake();
        }
    }

    State state() {
        return state;
    }

    @Nullable Admission file() {
        return file;
    }

    /** The read of this slot; the caller sets its buffers. */
    public ReadRequest read() {
        request = read;
        return read;
    }

    public WriteRequest write() {
        request = write;
        return write;
    }

    public SealRequest seal() {
        request = seal;
        return seal;
    }

    public ForceRequest force() {
        request = force;
        return force;
    }

    /** Starts the request, which is set and was let into the file. */
    void begin(Admission file, long token, Submission submission) {
        this.file = file;
        underWay = file.underWay(queue);
        underWay.getAndIncrement();
        this.token = token;
        failure = null;
        move(submission);
        if (state != State.DONE) {
            detach();
        }
    }

    /**
     * Copies the bytes that were not copied yet: the caller may change its memory once its call
     * returns.
     */
    private void detach() {
        try {
            request.detach();
        } catch (Throwable t) { // nothing is sent yet, so the request can still fail as a whole
            end(t);
        }
    }

    /** Moves the request on as far as possible, after a wait. */
    void move(Submission submission) {
        try {
            switch (request.next(submission)) {
                case ISSUE -> state = State.IN_FLIGHT;
                case WAIT -> state = State.WAITING;
                case DONE -> end(null);
            }
        } catch (Throwable t) { // any failure is this request's and not the queue's
            end(t);
        }
    }

    /** Moves the request on with the result of its transfer. */
    void accept(long result, int forced, Submission submission) {
        try {
            request.accept(result, forced);
        } catch (Throwable t) {
            end(t);
            return;
        }
        move(submission);
    }

    /** Ends the request: gives everything back but the slot itself. */
    void end(@Nullable Throwable cause) {
        Admission of = Objects.requireNonNull(file);
        failure = cause;
        if (cause instanceof InternalError e) {
            failure = unreadable(e);
        }
        try {
            request.close();
            if (failure == null && request == write) {
                of.proveDirect(write);
            }
        } catch (Throwable t) {
            if (failure == null) {
                failure = t;
            } else {
                failure.addSuppressed(t);
            }
        } finally {
            state = State.DONE;
            file = null;
            underWay.getAndDecrement();
            of.exit();
        }
    }

    private Throwable unreadable(InternalError e) {
        try {
            return request.unreadable(e);
        } catch (InternalError other) {
            return other;
        }
    }

    /** Passes the result of the request on, and frees the slot. */
    void complete(TakenResult result) {
        result.set(token, request.done(), request.hasBounced(), failure);
        state = State.FREE;
        failure = null;
    }
}
