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
 * A slot of a queue: one request at a time, and all it needs, used again and again. The queue's
 * owner moves it on; other threads only tell it that something it waits for is there.
 *
 * <pre>
 *   FREE --begin--&gt; WAITING, IN_FLIGHT --move, accept--&gt; DONE --complete--&gt; FREE
 * </pre>
 */
public final class QueuedRequest implements Runnable {

    /** What becomes of a request that was moved on. */
    public enum State {
        /** No request. */
        FREE,
        /** Other requests have its range, or all slots of the pool. */
        WAITING,
        /** Described to the ring. */
        IN_FLIGHT,
        /** Over; not yet handed to the caller. */
        DONE
    }

    /** Its number in the ring. */
    final int slot;

    /** Whether it is among those that were told, and which one is beside it there. */
    final AtomicBoolean isTold = new AtomicBoolean();

    @Nullable QueuedRequest nextTold;

    private final OwnedQueue queue;

    private final Told told;

    private final ReadRequest read = new ReadRequest(Caller.GOES_ON, this);

    private final WriteRequest write;

    private final SealRequest seal;

    private final ForceRequest force = new ForceRequest(Caller.GOES_ON, this);

    private Request request = force;

    /** What the request is on. */
    private @Nullable Admission file;

    /** How many of the queue's requests that file has. */
    private AtomicInteger underWay = new AtomicInteger();

    private long token;

    private State state = State.FREE;

    private @Nullable Throwable failure;

    /**
     * A free slot.
     *
     * @param slot its number
     * @param queue what it is a slot of
     * @param told takes it when something that it waits for is there
     */
    QueuedRequest(int slot, OwnedQueue queue, Told told) {
        this.slot = slot;
        this.queue = queue;
        this.told = told;
        write = new WriteRequest(Caller.GOES_ON, queue, this);
        seal = new SealRequest(Caller.GOES_ON, queue, this);
    }

    /** Something that the request waits for is there. */
    @Override
    public void run() {
        if (told.add(this) && !queue.isOwned()) {
            queue.wake();
        }
    }

    public State state() {
        return state;
    }

    @Nullable Admission file() {
        return file;
    }

    /** The read of this slot, to be given its buffers. */
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

    /** Begins with a request that is set and was let into the file. */
    public void begin(Admission file, long token, Submission submission) {
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

    /** The caller may change its memory once the call returns: what was not copied is, now. */
    private void detach() {
        try {
            request.detach();
        } catch (Throwable t) { // nothing is sent yet, so the request can still fail as a whole
            end(t);
        }
    }

    /** Goes on as far as it gets, after a wait. */
    public void move(Submission submission) {
        try {
            switch (request.next(submission)) {
                case ISSUE -> state = State.IN_FLIGHT;
                case WAIT -> state = State.WAITING;
                case DONE -> end(null);
            }
        } catch (Throwable t) { // whatever it is, it is this request's and not the queue's
            end(t);
        }
    }

    /** Goes on with the ring's answer. */
    public void accept(long result, int forced, Submission submission) {
        try {
            request.accept(result, forced);
        } catch (Throwable t) {
            end(t);
            return;
        }
        move(submission);
    }

    /** The request is over: gives everything back but the slot itself. */
    public void end(@Nullable Throwable cause) {
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

    /** Hands the request's end over, and is free. */
    public void complete(TakenResult result) {
        result.set(token, request.done(), request.hasBounced(), failure);
        state = State.FREE;
        failure = null;
    }
}
