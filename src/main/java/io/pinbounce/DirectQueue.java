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
 * Many requests in flight for one thread, without another thread, a lock, or an object per request.
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
 * order among requests included. A request whose range is taken waits in the queue; only {@link
 * #await} and {@link #close()} block. A write past the end of the file, which changes its size,
 * makes a short call of its own.
 *
 * <p><b>Memory.</b> A request that is pinned needs memory of a {@link
 * io.pinbounce.buffer.PinnedArena}: the arena refuses to close while the request is under way.
 * Under {@link Transfer#AUTO} other memory is bounced; under {@link Transfer#PIN} it is refused. A
 * bounced write has copied its bytes when {@code write} returns, on the heap if it could not be
 * sent at once or is longer than a slot of the pool. A bounced read fills its memory in a later
 * call of the owner: a {@code PinnedArena} cannot close before; freed memory of another kind makes
 * it fail.
 *
 * <p><b>Threads.</b> A queue belongs to the platform thread that opened it: a call of another
 * thread throws {@link WrongThreadException}. While the owner waits in a blocking call, or for an
 * asynchronous call's future or a stage of it, it carries on with its queue; completions are kept.
 * Other waits do not: before {@link java.util.concurrent.CompletableFuture#allOf}, await the
 * queue's requests, or wait for each future.
 *
 * <p><b>Ends.</b> If the owner has ended, any thread may close the queue; the library closes it
 * once a thread has to wait for a request, and some time after the queue became unreachable.
 * Requests in flight are waited for; requests that were not sent fail, and no caller sees it.
 *
 * <p><b>Registration.</b> A queue registers with the kernel the files it uses, and memory that is
 * used again: a slab or large allocation of an arena, or a MiB of the bounce pool, once that many
 * bytes went through it. Closed files stay open for the kernel, and an arena's addresses reserved,
 * until the owner's next call here. Such memory counts as locked, in whole huge pages, once for
 * each queue: 200 that have bounced 4 KiB each lock nothing, 200 busy ones 2 MiB each of one pool.
 * Beyond {@code ulimit -l} a queue goes on without it, and {@link #engineReason()} says so.
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
     * Asks for a force: makes writes durable that have <b>completed</b> before; it waits for no
     * other request in this queue.
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
     * Asks for the unprotected intervals of a range to be protected as they are. Protected
     * intervals stay as they are, and are not verified; a part without unprotected intervals is not
     * read. Nor is a hole at the start of the range, which gets the tuples of zeros: force the file
     * first if it may have been written without this library. Where whole pages of tuples need not
     * be written for the hole, its tuples take effect once most of what was never written is
     * sealed, and the file forced.
     *
     * @param file an open file
     * @param position bytes from the start of the file, a multiple of the interval
     * @param length bytes, a multiple of the interval unless the file ends before
     * @param token handed back with the completion, whose byte count is that of the sealed bytes
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
        Dropped.keep(this); // else the queue might count as dropped meanwhile
    }

    /**
     * Sends all requests that were made, without waiting.
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
     * Sends all requests, and hands over those that are done; if that is much work, only some.
     *
     * @param handler takes each completion
     * @return how many were handed over
     * @throws IOException as {@link #await(int, long, TimeUnit, CompletionHandler)}
     */
    public int poll(CompletionHandler handler) throws IOException {
        return await(0, 0, TimeUnit.NANOSECONDS, handler);
    }

    /**
     * Sends all requests that were made, waits, and hands over those that are done.
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
     * Sends all requests that were made, waits for a limited time, and hands over those that are
     * done. Interrupts do not end the wait; the status is kept.
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
     * Requests that were made and whose completion was not yet handed over.
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
     * Why this engine, and what it cannot do.
     *
     * @return in words, with the fix
     */
    public String engineReason() {
        driver.requireOwner();
        List<String> notes = ring.notes();
        return notes.isEmpty() ? reason : reason + "; " + String.join("; ", notes);
    }

    /**
     * Sends all requests, waits for them, and closes. Completions that were not handed over are
     * dropped, except failures: the first is thrown, with the later failures suppressed in it.
     * Closing again does nothing.
     *
     * @throws WrongThreadException if another thread calls it while the owner lives
     * @throws IllegalStateException from inside a handler
     * @throws IOException if the ring is broken, or a request failed, see above
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
