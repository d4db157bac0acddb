package io.pinbounce.internal.sidecar;

import io.pinbounce.internal.sidecar.TupleStore.Missing;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * The tuple pages of a sidecar on their way between disk and memory. For any thread: it takes the
 * sidecar's lock for memory alone, never while it reads or writes.
 */
final class TuplePages {

    private final SidecarFiles files;

    private final long identity;

    private final Layout layout;

    private final ReentrantLock lock;

    private final SealTable table;

    /** Shared to load a page, exclusive to write pages, so that no load sees half of a write. */
    private final ReentrantReadWriteLock pageLock = new ReentrantReadWriteLock();

    /** Whether pages are being written, and how often they were. */
    private boolean writing;

    private long version;

    TuplePages(SidecarFiles files, Superblock superblock, ReentrantLock lock, SealTable table) {
        this.files = files;
        this.identity = superblock.identity();
        this.layout = new Layout(superblock.logSize());
        this.lock = lock;
        this.table = table;
    }

    /** The first page that has to be read; null if none has, or if pages are being written. */
    @Nullable Missing missing(long first, int count) {
        lock.lock();
        try {
            long number = table.firstMissing(first, count);
            return number < 0 || writing
                    ? null
                    : new Missing(files.pages(), layout.pagePosition(number), Layout.PAGE, version);
        } finally {
            lock.unlock();
        }
    }

    /** Takes a page that the caller has read, unless pages were written meanwhile. */
    void install(Missing missing, MemorySegment memory) {
        TuplePage page = TuplePage.decode(memory, identity, missing.position());
        lock.lock();
        try {
            if (!writing && version == missing.version()) {
                table.install(layout.pageAt(missing.position()), page);
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Fills a run of seals, reading what is not in memory: one page after the other, since all of
     * them may be more than memory holds.
     */
    void load(long first, int count, SealRun into) throws SealException {
        into.clear(count);
        int from = 0;
        while (from < count) {
            long next = ((first + from) / TuplePage.INTERVALS + 1) * TuplePage.INTERVALS;
            int to = (int) Math.min(count, next - first);
            long missing = loadCached(first, from, to, into);
            while (missing >= 0) {
                loadPage(missing);
                missing = loadCached(first, from, to, into);
            }
            from = to;
        }
    }

    private long loadCached(long first, int from, int to, SealRun into) {
        lock.lock();
        try {
            return table.load(first, from, to, into);
        } finally {
            lock.unlock();
        }
    }

    private void loadPage(long number) throws SealException {
        pageLock.readLock().lock();
        try {
            TuplePage page = read(number);
            lock.lock();
            try {
                table.install(number, page);
            } finally {
                lock.unlock();
            }
        } finally {
            pageLock.readLock().unlock();
        }
    }

    private TuplePage read(long number) throws SealException {
        return TuplePage.read(files, identity, layout.pagePosition(number));
    }

    /** A page to be changed: a copy of the one in memory, or read, or made if it is not there. */
    TuplePage forChange(long number) throws SealException {
        boolean there;
        TuplePage page;
        lock.lock();
        try {
            there = table.map().has(number);
            page = there ? table.cached(number) : table.unwritten(number);
        } finally {
            lock.unlock();
        }
        return page == null ? read(number) : page;
    }

    /** Writes pages that follow each other; from then on they are there. */
    void write(long first, int count, MemorySegment memory) throws SealException {
        beginWriting();
        pageLock.writeLock().lock();
        try {
            files.write(layout.pagePosition(first), memory);
        } finally {
            pageLock.writeLock().unlock();
        }
        lock.lock();
        try {
            writing = false;
            table.add(first, count);
        } finally {
            lock.unlock();
        }
    }

    private void beginWriting() {
        lock.lock();
        try {
            writing = true; // for good if the write fails: then no page is installed
            version++;
        } finally {
            lock.unlock();
        }
    }

    /** Removes all pages from a number on. */
    void remove(long first) {
        lock.lock();
        try {
            table.map().removeFrom(first);
        } finally {
            lock.unlock();
        }
    }

    /** The bytes of a page as it is written. */
    void encode(TuplePage page, long number, MemorySegment memory) {
        page.encode(memory, identity, layout.pagePosition(number));
    }

    /** Whether one page lies right behind another on the disk. */
    boolean follow(long page, long next) {
        return layout.pagePosition(next) == layout.pagePosition(page) + Layout.PAGE;
    }
}
