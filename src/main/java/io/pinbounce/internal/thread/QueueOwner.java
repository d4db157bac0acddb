package io.pinbounce.internal.thread;

import io.pinbounce.internal.linux.Log;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;

/**
 * The thread that a queue belongs to. While it lives, it alone brings the queue's requests to an
 * end; once the thread has ended, and another thread waits for some request, the queue is closed.
 */
public final class QueueOwner {

    private static final ThreadLocal<List<OwnedQueue>> QUEUES =
            ThreadLocal.withInitial(CopyOnWriteArrayList::new);

    /** Owners whose end no thread watches for yet. */
    private static final Set<QueueOwner> UNWATCHED = ConcurrentHashMap.newKeySet();

    private final Thread thread = Thread.currentThread();

    /** All queues of the owner; other threads remove a queue that they have closed. */
    private final List<OwnedQueue> queues = QUEUES.get();

    private final OwnedQueue queue;

    /**
     * The thread that waits for the owner's end; null until some thread has to wait for a request.
     */
    private volatile @Nullable Thread watch;

    /** Makes the current thread the owner of a queue. */
    public QueueOwner(OwnedQueue queue) {
        this.queue = queue;
        queues.add(queue);
        UNWATCHED.add(this);
    }

    /** The queues of the current thread. */
    public static List<OwnedQueue> queues() {
        return QUEUES.get();
    }

    /**
     * Starts to watch all owners, so that a queue is closed once its owner has ended: nothing else
     * would bring its requests to an end. For a thread that is about to wait for a request, which
     * may be in such a queue.
     */
    public static void watchAll() {
        if (!UNWATCHED.isEmpty()) {
            UNWATCHED.forEach(QueueOwner::watch);
        }
    }

    private void watch() {
        if (UNWATCHED.remove(this)) {
            Thread watching = Thread.ofVirtual().name("pinbounce-watch").unstarted(this::endQueue);
            // The watching thread is published before isClosed() is read, and the queue is closed
            // before unwatch() reads it: so one of the two interrupts the watching thread.
            watch = watching;
            watching.start();
            if (queue.isClosed()) {
                watching.interrupt();
            }
        }
    }

    private void endQueue() {
        try {
            thread.join();
            ControlThreads.run(queue::close);
        } catch (InterruptedException _) {
            // The queue was closed.
        } catch (IOException | RuntimeException e) {
            Log.say(
                    System.Logger.Level.ERROR,
                    "the " + queue + " cannot be closed after its owner has ended",
                    e);
        }
    }

    /** Ends the watching of the owner, since the queue is closed. */
    public void unwatch() {
        UNWATCHED.remove(this);
        Thread watching = watch;
        if (watching != null && !hasEnded()) {
            watching.interrupt();
        }
    }

    /** Removes the queue from its owner, since it has given everything back. */
    public void leave() {
        queues.remove(queue);
    }

    public boolean isCurrent() {
        return Thread.currentThread() == thread;
    }

    public boolean hasEnded() {
        return !thread.isAlive();
    }

    public void require() {
        if (!isCurrent()) {
            throw new WrongThreadException(
                    "a queue is used by the thread that opened it: owner="
                            + (thread.getName() + " caller=" + Thread.currentThread().getName()));
        }
    }

    public void unpark() {
        LockSupport.unpark(thread);
    }

    @Override
    public String toString() {
        return thread.getName();
    }
}
