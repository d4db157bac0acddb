package io.pinbounce;

import io.pinbounce.internal.driver.ChosenRing;
import io.pinbounce.internal.driver.QueueDriver;
import io.pinbounce.internal.driver.QueuedRequest;
import io.pinbounce.internal.driver.Reaper;
import io.pinbounce.internal.engine.IoEngine;
import io.pinbounce.internal.engine.IoRing;
import io.pinbounce.internal.request.ReadRequest;
import io.pinbounce.internal.request.SealRequest;
import io.pinbounce.internal.request.WriteRequest;
import io.pinbounce.internal.thread.Dropped;
import io.pinbounce.internal.uring.UringEngine;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Cleaner.Cleanable;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Many requests in flight for one thread, without another thread, a lock, or an object a request.
 *
 * <pre>{@code
 * try (DirectQueue queue = DirectQueue.open(16)) {
 *     queue.read(file, segment, position, token);
 *     queue.submit();
 *     queue.await(1, completion -> use(completion.token(), completion.bytes()));
 * }
 * }</pre>
 *
 * <p>A request means what the same call on {@link DirectFile} means, transfer modes, protection and
 * order among requests included. One whose range is taken waits inside the queue; nothing here
 * blocks but {@link #await} and {@link #close()}. Only what changes a file's size, a write past the
 * end of the file, makes a short call of its own.
 *
 * <p><b>Memory.</b> A request that is pinned needs memory of a {@link
 * io.pinbounce.buffer.PinnedArena}: the arena refuses to close while the request is under way.
 * Under {@link Transfer#AUTO} other memory is bounced; under {@link Transfer#PIN} it is refused. A
 * bounced write has copied its bytes when {@code write} returns, on the heap if it could not be
 * sent at once or is longer than a slot of the pool. A bounced read touches its memory in a later
 * call of the owner: an arena of ours cannot close until then; if other memory is gone, it fails.
 *
 * <p><b>Threads.</b> A queue belongs to the platform thread that opened it: another one's call is a
 * {@link WrongThreadException}. A thread that owns a queue and has to wait carries on with it
 * meanwhile, in a blocking call as for the future of an asynchronous one or what hangs on that;
 * completions are kept. Other waits do not: before {@link
 * java.util.concurrent.CompletableFuture#allOf}, await what is in the queue, or wait for each.
 *
 * <p><b>Ends.</b> If the owner has ended, any thread may close the queue, and once one has to wait
 * for a request, it closes by itself; so it does some time after it was found to be unreachable.
 * What is in flight is waited for, what was not sent fails, unseen.
 *
 * <p><b>Registration.</b> The kernel is told once of files that are used, and of memory that is
 * used again: a slab or large allocation of an arena, or a MiB of the bounce pool, once as many
 * bytes went through it. Closed files stay open for the kernel, and an arena's addresses reserved,
 * until the owner's next call here. Such memory counts as locked, in whole huge pages, with each
 * queue anew: 200 that have bounced 4 KiB each lock nothing, 200 busy ones 2 MiB each of one pool.
 * Beyond {@code ulimit -l} a queue goes on without, and {@link #engineReason()} says so.
 */
public final class DirectQueue implements AutoCloseable {

    /** The deepest queue. */
    public static final int MAX_DEPTH = 4096;

    private final IoRing ring;

    private final String reason;

    private final QueueDriver driver;

    private final Reaper reaper;

    private final Cleanable cleanable;

    private DirectQueue(IoEngine engine, ChosenRing rings) {
        ring = rings.ring();
        reason = rings.reason();
        driver = new QueueDriver(engine, ring);
        reaper = new Reaper(driver);
        cleanable = Dropped.watch(this, driver::drop);
    }

    /**
     * Opens a queue for the current thread, on io_uring where that is allowed.
     *
     * @param depth requests at once, 1 to {@value #MAX_DEPTH}
     * @return a queue; close it
     * @throws IOException if the kernel lacks resources for it
     * @throws IllegalArgumentException if the depth is out of range
     * @throws IllegalStateException on a virtual thread
     */
    public static DirectQueue open(int depth) throws IOException {
        return open(depth, Engine.AUTO);
    }

    /**
     * Opens a queue for the current thread.
     *
     * @param depth requests at once, 1 to {@value #MAX_DEPTH}
     * @param engine what moves the data
     * @return a queue; close it
     * @throws IOException if {@link Engine#REQUIRED_URING} cannot be had: the message says why and
     *     what to do
     * @throws IllegalArgumentException if the depth is out of range
     * @throws IllegalStateException on a virtual thread
     */
    public static DirectQueue open(int depth, Engine engine) throws IOException {
        return open(depth, engine, UringEngine.system());
    }

    static DirectQueue open(int depth, Engine wanted, IoEngine engine) throws IOException {
        if (depth < 1 || depth > MAX_DEPTH) {
            throw new IllegalArgumentException(
                    "a queue has a depth of 1 to " + MAX_DEPTH + ", depth=" + depth);
        }
        if (Thread.currentThread().isVirtual()) {
            throw new IllegalStateException(
                    "a queue belongs to a platform thread, since a ring is bound to its kernel"
                            + " thread; on virtual threads call DirectFile, which parks them");
        }
        return new DirectQueue(engine, ChosenRing.open(engine, depth, wanted));
    }

    /**
     * Asks for a read. It is sent with the next {@link #submit} or {@link #await}, at the latest.
     *
     * @param file open in this process
     * @param memory where the bytes go
     * @param position bytes from the start of the file
     * @param token handed back with the completion
     * @throws IllegalStateException if the queue is full or closed: await completions first
     * @throws IllegalArgumentException if a value is out of range, or the file is of another engine
     * @throws java.nio.channels.ClosedChannelException if the file is closed
     * @throws IOException if the ring is broken
     */
    public void read(DirectFile file, MemorySegment memory, long position, long token)
            throws IOException {
        QueuedRequest slot = driver.slotFor(file.admission());
        ReadRequest request = slot.read();
        request.buffers().set(memory);
        read(slot, file, position, token);
    }

    /**
     * Asks for a read into several segments, one after the other.
     *
     * @param file open in this process
     * @param memory where the bytes go
     * @param position bytes from the start of the file
     * @param token handed back with the completion
     * @throws IOException as {@link #read(DirectFile, MemorySegment, long, long)}
     */
    public void read(DirectFile file, List<MemorySegment> memory, long position, long token)
            throws IOException {
        QueuedRequest slot = driver.slotFor(file.admission());
        slot.read().buffers().set(memory);
        read(slot, file, position, token);
    }

    private void read(QueuedRequest slot, DirectFile file, long position, long token)
            throws IOException {
        ReadRequest request = slot.read();
        file.admission().read(request, position);
        begin(slot, file, token);
    }

    /**
     * Asks for a write. It is sent with the next {@link #submit} or {@link #await}, at the latest.
     *
     * @param file open for writing
     * @param memory the bytes
     * @param position bytes from the start of the file
     * @param token handed back with the completion
     * @throws java.nio.channels.NonWritableChannelException if the file is open for reading only
     * @throws IOException as {@link #read(DirectFile, MemorySegment, long, long)}
     */
    public void write(DirectFile file, MemorySegment memory, long position, long token)
            throws IOException {
        QueuedRequest slot = driver.slotFor(file.admission());
        slot.write().buffers().set(memory);
        write(slot, file, position, token, Durability.ON_FORCE);
    }

    /**
     * Asks for a write of several segments, one after the other.
     *
     * @param file open for writing
     * @param memory the bytes
     * @param position bytes from the start of the file
     * @param token handed back with the completion
     * @throws IOException as {@link #write(DirectFile, MemorySegment, long, long)}
     */
    public void write(DirectFile file, List<MemorySegment> memory, long position, long token)
            throws IOException {
        QueuedRequest slot = driver.slotFor(file.admission());
        slot.write().buffers().set(memory);
        write(slot, file, position, token, Durability.ON_FORCE);
    }

    /**
     * Asks for a write, and for a force once it is written: completed means durable. The kernel
     * gets both at once where it can.
     *
     * @param file open for writing
     * @param memory the bytes
     * @param position bytes from the start of the file
     * @param token handed back with the one completion
     * @throws IOException as {@link #write(DirectFile, MemorySegment, long, long)}
     */
    public void writeAndForce(DirectFile file, MemorySegment memory, long position, long token)
            throws IOException {
        QueuedRequest slot = driver.slotFor(file.admission());
        slot.write().buffers().set(memory);
        write(slot, file, position, token, Durability.DSYNC);
    }

    private void write(
            QueuedRequest slot, DirectFile file, long position, long token, Durability durability)
            throws IOException {
        WriteRequest request = slot.write();
        file.admission().write(request, position, durability);
        begin(slot, file, token);
    }

    /**
     * Asks for a force: makes writes durable that have <b>completed</b> before; it does not wait
     * for others in this queue.
     *
     * @param file an open file
     * @param token handed back with the completion
     * @throws IOException as {@link #read(DirectFile, MemorySegment, long, long)}
     */
    public void force(DirectFile file, long token) throws IOException {
        QueuedRequest slot = driver.slotFor(file.admission());
        file.admission().force(slot.force());
        begin(slot, file, token);
    }

    /**
     * Asks for data to be protected as it is: {@link DirectFile#seal(long, long)}.
     *
     * @param file an open file
     * @param position bytes from the start of the file
     * @param length bytes
     * @param token handed back with the completion
     * @throws IOException as {@link #read(DirectFile, MemorySegment, long, long)}
     */
    public void seal(DirectFile file, long position, long length, long token) throws IOException {
        QueuedRequest slot = driver.slotFor(file.admission());
        file.admission().seal(slot.seal(), SealRequest.Scope.ALL, position, length);
        begin(slot, file, token);
    }

    /**
     * Asks for the intervals of a range to be protected as they are that are not protected yet. The
     * others stay as they are, and are not verified; where there are no others, nothing is read.
     * Nor is a hole that the range starts with, which gets the tuples of zeros: force the file
     * first, if others may have written it past this library. Where whole pages of tuples need not
     * be written for it, they are in effect once most of what was never written is sealed, and the
     * file forced.
     *
     * @param file an open file
     * @param position bytes from the start of the file, a multiple of the interval
     * @param length bytes, a multiple of the interval unless the file ends before
     * @param token handed back with the completion, whose bytes are those that were sealed
     * @throws IOException as {@link #seal(DirectFile, long, long, long)}
     */
    public void sealUnprotected(DirectFile file, long position, long length, long token)
            throws IOException {
        QueuedRequest slot = driver.slotFor(file.admission());
        file.admission().seal(slot.seal(), SealRequest.Scope.UNPROTECTED, position, length);
        begin(slot, file, token);
    }

    private void begin(QueuedRequest slot, DirectFile file, long token) throws IOException {
        driver.begin(slot, file.admission(), token);
        Dropped.keep(this); // else it might count as dropped meanwhile
    }

    /**
     * Sends what was asked for, without waiting for anything.
     *
     * @throws IllegalStateException if the queue is closed
     * @throws IOException if the ring is broken
     */
    public void submit() throws IOException {
        driver.requireGood();
        driver.enter(0, 0);
        Dropped.keep(this);
    }

    /**
     * Sends what was asked for, and hands over what is done already; not all, if that is a lot of
     * work: the next call goes on with it.
     *
     * @param handler takes each completion
     * @return how many were handed over
     * @throws IOException as {@link #await(int, long, TimeUnit, CompletionHandler)}
     */
    public int poll(CompletionHandler handler) throws IOException {
        return await(0, 0, TimeUnit.NANOSECONDS, handler);
    }

    /**
     * Sends what was asked for, waits, and hands over what is done.
     *
     * @param min completions to wait for; no more than there are requests under way
     * @param handler takes each completion
     * @return how many were handed over
     * @throws IOException as {@link #await(int, long, TimeUnit, CompletionHandler)}
     */
    public int await(int min, CompletionHandler handler) throws IOException {
        return await(min, Long.MAX_VALUE, TimeUnit.NANOSECONDS, handler);
    }

    /**
     * Sends what was asked for, waits for a while, and hands over what is done. Interrupts do not
     * end the wait; the status is kept.
     *
     * @param min completions to wait for; no more than there are requests under way
     * @param timeout longest wait
     * @param unit of the timeout
     * @param handler takes each completion
     * @return how many were handed over, fewer than {@code min} if time was up
     * @throws IllegalStateException if the queue is closed, or from inside a handler
     * @throws IOException if the ring is broken, or what the handler throws
     */
    public int await(int min, long timeout, TimeUnit unit, CompletionHandler handler)
            throws IOException {
        int handed = reaper.await(min, unit.toNanos(timeout), handler);
        Dropped.keep(this);
        return handed;
    }

    /**
     * Requests at once.
     *
     * @return fixed when opened
     */
    public int depth() {
        return driver.depth();
    }

    /**
     * Requests that were asked for and whose completion was not yet handed over.
     *
     * @return 0 to {@link #depth()}
     */
    public int pending() {
        driver.requireOwner();
        return driver.pending();
    }

    /**
     * What moves the data.
     *
     * @return {@code "io_uring"}, or {@code "threads"} where that is forbidden
     */
    public String engine() {
        return ring.name();
    }

    /**
     * Why that, and what it lacks.
     *
     * @return in words, with the fix
     */
    public String engineReason() {
        driver.requireOwner();
        List<String> notes = ring.notes();
        return notes.isEmpty() ? reason : reason + "; " + String.join("; ", notes);
    }

    /**
     * Sends what was asked for, waits for all of it, and closes. Completions that were not handed
     * over are dropped, unless they failed: the first such failure is thrown, the others with it.
     * Closing again does nothing.
     *
     * @throws WrongThreadException if another thread calls it while the owner lives
     * @throws IllegalStateException from inside a handler
     * @throws IOException if the ring is broken, or a request failed that nobody has seen
     */
    @Override
    public void close() throws IOException {
        reaper.requireOutsideHandler("a completion handler cannot close its queue");
        try {
            driver.close();
        } finally {
            if (driver.isClosed()) {
                cleanable.clean();
            }
        }
    }

    @Override
    public String toString() {
        return driver.toString();
    }
}
