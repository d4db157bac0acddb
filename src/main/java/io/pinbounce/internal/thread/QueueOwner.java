package io.pinbounce.internal.thread;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;

/**
 * The thread that a queue belongs to. While it lives, it alone brings the queue's requests to an
 * end; when it ends, and some request is waited for, the queue ends as well.
 */
public final class QueueOwner {

    private static final System.Logger LOG = System.getLogger("io.pinbounce");

    private static final ThreadLocal<List<OwnedQueue>> QUEUES =
            ThreadLocal.withInitial(CopyOnWriteArrayList::new);

    /** Owners whose end would pass unseen. */
    private static final Set<QueueOwner> UNWATCHED = ConcurrentHashMap.newKeySet();

    private final Thread thread = Thread.currentThread();

    /** All that it owns; other threads take out of there what they have ended. */
    private final List<OwnedQueue> queues = QUEUES.get();

    private final OwnedQueue queue;

    /** Waits for the thread's end, once some thread has to wait for a request. */
    private volatile @Nullable Thread watch;

    /** The current thread is to own one more queue. */
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
     * Starts to watch all owners, so that a queue ends with its owner: nothing else would bring its
     * requests to an end. For a thread that is about to wait for a request, which may be one of
     * those.
     */
    public static void watchAll() {
        if (!UNWATCHED.isEmpty()) {
            UNWATCHED.forEach(QueueOwner::watch);
        }
    }

    private void watch() {
        if (UNWATCHED.remove(this)) {
            Thread watching = Thread.ofVirtual().name("pinbounce-watch").unstarted(this::endQueue);
            watch = watching; // before it looks whether the queue is closed: one sees the other
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
            // It was closed.
        } catch (IOException | RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "the " + queue + " cannot end with its owner", e);
        }
    }

    /** The queue is closed: its owner is not watched any more. */
    public void unwatch() {
        UNWATCHED.remove(this);
        Thread watching = watch;
        if (watching != null && !hasEnded()) {
            watching.interrupt();
        }
    }

    /** The queue has given everything back. */
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
