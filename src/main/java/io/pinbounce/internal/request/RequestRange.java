package io.pinbounce.internal.request;

import io.pinbounce.internal.file.OpenFile;
import io.pinbounce.internal.file.RangeTable;

import org.jspecify.annotations.Nullable;

import java.util.Objects;

/** The range of a file that a request has for itself, or waits for; and the file's size lock. */
final class RequestRange {

    private final RangeTable.Entry entry = new RangeTable.Entry();

    private final Runnable waiter;

    private @Nullable RangeTable table;

    /**
     * A range to be asked for.
     *
     * @param waiter is told, by any thread, when {@link #isGranted} may have become true
     */
    RequestRange(Runnable waiter) {
        this.waiter = waiter;
    }

    /** Asks for a range; {@link #isGranted} tells whether the request has it. */
    void enter(OpenFile file, long start, long end, RangeTable.Use use, RangeTable.Size size) {
        table = file.inode().ranges();
        table.enter(entry, start, end, use, size, waiter);
    }

    boolean hasEntered() {
        return entry.isIn();
    }

    boolean isGranted() {
        return entry.isGranted();
    }

    void leave() {
        if (entry.isIn()) {
            table().exit(entry);
        }
    }

    boolean holdsSizeLock() {
        return entry.isIn() && entry.changesSize();
    }

    /** Leaves the size to other requests, and keeps the range. */
    void leaveSizeLock() {
        table().leaveSize(entry);
    }

    private RangeTable table() {
        return Objects.requireNonNull(table, "the range was not asked for");
    }
}
