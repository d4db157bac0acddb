package io.pinbounce.internal.driver;

import io.pinbounce.DirectIo;
import io.pinbounce.DirectIoException;
import io.pinbounce.DirectIoException.Call;
import io.pinbounce.Durability;
import io.pinbounce.internal.engine.IoEngine;
import io.pinbounce.internal.file.OpenFile;
import io.pinbounce.internal.linux.Log;
import io.pinbounce.internal.request.AllocateRequest;
import io.pinbounce.internal.request.Buffers;
import io.pinbounce.internal.request.ForceRequest;
import io.pinbounce.internal.request.ReadRequest;
import io.pinbounce.internal.request.SealRequest;
import io.pinbounce.internal.request.TruncateRequest;
import io.pinbounce.internal.request.WriteRequest;
import io.pinbounce.internal.thread.Gate;
import io.pinbounce.internal.thread.OwnedQueue;
import io.pinbounce.internal.thread.QueueOwner;
import io.pinbounce.internal.thread.ThreadWait;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.NonWritableChannelException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Lets requests into an open file: refuses wrong requests at once, counts the accepted requests
 * until they leave, and knows which queues may have requests on the file, so that closing can wait
 * for all.
 */
public final class Admission {

    /** Positions beyond this would overflow once they are rounded up to whole blocks. */
    public static final long MAX_POSITION = Long.MAX_VALUE - (1L << 31);

    /** Any thread but the caller's; it never runs. */
    private static final Thread OTHER = Thread.ofPlatform().unstarted(() -> {});

    /** How long closing waits for rings to forget the file; nanoseconds. */
    private static final long PATIENCE = 10_000_000;

    private static final long LOOK_AGAIN = 50_000;

    private final OpenFile file;

    /** The ring threads that the user chose for this file; null for those of the process. */
    private final @Nullable RingThreads named;

    private final Gate gate;

    /**
     * Queues that have had requests on the file, and how many of their requests on it are under
     * way.
     */
    private final ConcurrentHashMap<OwnedQueue, AtomicInteger> queues = new ConcurrentHashMap<>();

    /** Whether a write must still be checked for having bypassed the page cache. */
    private volatile boolean provesDirect;

    /**
     * Makes the admission of a file.
     *
     * @param named the ring threads that the user chose; null for those of the process
     */
    public Admission(OpenFile file, @Nullable RingThreads named) {
        this.file = file;
        this.named = named;
        gate = new Gate("the file is closed; open it again: path=" + file.path());
        provesDirect = file.provesDirect();
    }

    public OpenFile file() {
        return file;
    }

    /** The ring threads that move data for asynchronous calls and for virtual threads. */
    public RingThreads ringThreads() {
        RingThreads threads = named == null ? RingThreads.shared() : named;
        if (!threads.serves(file.engine())) {
            throw new IllegalStateException(
                    "the service moves data of another engine than the file's: file="
                            + (file.engine().name() + " service=" + threads.engine())
                            + (" path=" + file.path()));
        }
        return threads;
    }

    public IoEngine engine() {
        return file.engine();
    }

    /** Lets a read in and sets it, or refuses it; {@link #exit} once it is closed. */
    public void read(ReadRequest request, long position) throws IOException {
        check("read", request.buffers(), position);
        gate.enter();
        request.set(file, position);
    }

    /** Lets a write in and sets it, or refuses it; {@link #exit} once it is closed. */
    public void write(WriteRequest request, long position, Durability durability)
            throws IOException {
        check("write", request.buffers(), position);
        change("write");
        request.set(file, position, durability);
    }

    /** Lets a force in and sets it, or refuses it; {@link #exit} once it is closed. */
    public void force(ForceRequest request) throws IOException {
        gate.enter();
        leaveIfForceFailed("force");
        request.set(file);
    }

    /** Lets a seal in and sets it, or refuses it; {@link #exit} once it is closed. */
    public void seal(SealRequest request, SealRequest.Scope scope, long position, long length)
            throws IOException {
        requireRange("seal", position, length);
        change("seal");
        request.set(file, scope, position, length);
    }

    /** Lets a change of size in and sets it, or refuses it; {@link #exit} once it is closed. */
    void truncate(TruncateRequest request, long size) throws IOException {
        requireRegular("truncate", size >= 0 && size <= MAX_POSITION, "size=" + size);
        change("truncate");
        request.set(file, size);
    }

    /** Lets an allocation in and sets it, or refuses it; {@link #exit} once it is closed. */
    void allocate(AllocateRequest request, long position, long length) throws IOException {
        requireRegular(
                "allocate",
                position >= 0 && length > 0 && position <= MAX_POSITION - length,
                "position=" + position + " length=" + length);
        change("allocate");
        request.set(file, position, length);
    }

    private void requireRegular(String op, boolean inRange, String values) {
        if (file.device()) {
            throw new IllegalArgumentException(
                    "the size of a block device is fixed: op=" + op + " path=" + file.path());
        }
        if (!inRange) {
            throw new IllegalArgumentException(
                    "sizes and positions are 0 or more, lengths more than 0, ends at most "
                            + (MAX_POSITION + ": " + new Call(op, file.path()) + " " + values));
        }
    }

    /** Enters a call that asks about the file as a whole. */
    public void enter() throws IOException {
        gate.enter();
    }

    /** Enters a call that changes the file, or throws if it must not. */
    public void change(String op) throws IOException {
        gate.enter();
        if (!file.isWritable()) {
            gate.exit();
            throw new NonWritableChannelException();
        }
        leaveIfForceFailed(op);
    }

    private void leaveIfForceFailed(String op) throws DirectIoException {
        if (file.forceFailed().get()) {
            gate.exit();
            throw new DirectIoException(
                    "an earlier force failed, so it is unknown what is durable; open the file"
                            + " again",
                    new Call(op, file.path()),
                    0,
                    0);
        }
    }

    public void exit() {
        gate.exit();
    }

    private void check(String op, Buffers buffers, long position) {
        requireRange(op, position, buffers.length());
        buffers.requireAccessible();
    }

    private void requireRange(String op, long position, long length) {
        if (position < 0 || length < 0 || position > MAX_POSITION - length) {
            throw new IllegalArgumentException(
                    "positions and lengths are 0 or more, and a request ends at "
                            + (MAX_POSITION + " at most: " + new Call(op, file.path()))
                            + (" position=" + position + " length=" + length));
        }
    }

    /** Refuses memory that only one thread may touch. */
    void requireShared(String op, MemorySegment memory) {
        Buffers.requireMemory(memory, 0, 1);
        if (!memory.isAccessibleBy(OTHER)) {
            throw new IllegalArgumentException(
                    "an asynchronous call ends on another thread, but the memory is confined to"
                            + (" one thread; use a shared arena: op="
                                    + op
                                    + " path="
                                    + file.path()));
        }
    }

    /**
     * Throws if data that was just written is in the page cache, the last check of {@link
     * DirectIo#REQUIRED}.
     */
    void proveDirect(WriteRequest request) throws DirectIoException {
        if (!provesDirect) {
            return;
        }
        Call call = request.call();
        if (file.cachedPages(call.position(), request.done()) > 0) {
            throw new DirectIoException(
                    "direct I/O is required, but what was written is in the page cache;"
                            + " DirectIo.PREFERRED accepts that",
                    call,
                    0,
                    request.done());
        }
        provesDirect = false;
    }

    /**
     * How many requests of a queue on this file are under way: the queue's owner changes the
     * number, any thread may read it.
     */
    public AtomicInteger underWay(OwnedQueue queue) {
        AtomicInteger known = queues.get(queue);
        if (known == null) {
            queues.keySet().removeIf(OwnedQueue::isClosed);
            known = queues.computeIfAbsent(queue, _ -> new AtomicInteger());
        }
        return known;
    }

    /**
     * Refuses later requests, and waits until none is inside.
     *
     * @return whether this call closed the file; false if it was closed already
     * @throws IllegalStateException if only another thread's queue can bring a request to its end:
     *     the file is then open again
     */
    public synchronized boolean close() throws IOException {
        if (!gate.close()) {
            return false;
        }
        boolean ended = false;
        try {
            for (Map.Entry<OwnedQueue, AtomicInteger> queue : queues.entrySet()) {
                end(queue.getKey(), queue.getValue());
            }
            ended = true;
        } finally {
            if (!ended) {
                gate.reopen();
            }
        }
        gate.awaitEmpty();
        return true;
    }

    /**
     * Lets no request in any more, and has the file closed once no request is inside, without
     * waiting. For a file that the user has dropped without closing it.
     */
    public void drop() {
        if (gate.close()) {
            Thread.ofVirtual().name("pinbounce-dropped").start(this::closeDropped);
        }
    }

    private void closeDropped() {
        gate.awaitEmpty();
        try {
            closeFile();
        } catch (IOException e) {
            Log.say(System.Logger.Level.WARNING, "closing a dropped file failed", e);
        }
    }

    /** Closes the file itself, once no request is inside. */
    public void closeFile() throws IOException {
        file.close(this::letRingsGo);
    }

    /**
     * Makes rings forget the file. A ring that has registered it keeps it open in the kernel, and
     * its file system could not be unmounted. The rings of this thread's queues and of the ring
     * threads forget it now; another thread's queue does so at its next call, which this method
     * does not wait for.
     */
    private void letRingsGo() {
        for (OwnedQueue queue : QueueOwner.queues()) {
            queue.carryOnUntil(() -> false, 0);
        }
        RingThreads rings = named == null ? RingThreads.running() : named;
        if (rings == null) {
            return;
        }
        rings.forgetEnded();
        long start = System.nanoTime();
        while (!file.handle().isFreed() && System.nanoTime() - start < PATIENCE) {
            LockSupport.parkNanos(LOOK_AGAIN);
        }
    }

    private void end(OwnedQueue queue, AtomicInteger underWay) throws IOException {
        while (underWay.get() > 0) {
            if (queue.isAbandoned()) {
                queue.close();
            } else if (queue.isOwned()) {
                new ThreadWait().awaitUntil(() -> underWay.get() == 0);
            } else {
                throw new IllegalStateException(
                        "requests on the file are under way in a queue that only its owner can"
                                + (" bring to an end: path=" + file.path())
                                + (" queue=[" + queue + "]"));
            }
        }
    }
}
