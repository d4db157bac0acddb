package io.pinbounce.tool.torture;

import io.pinbounce.Transfer;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Writes pages as a guest that swaps does: changes them as soon as they are sent, writes them again
 * while the first write is under way, and goes on changing them until both are done. Only the
 * writer touches them.
 *
 * <p>A bounced write holds what the page held when it was asked for, whatever became of the page
 * since. So reading back must give, to the byte, what the write that completed last was given. A
 * pinned page may be any mix; it counts as torn if it does not verify.
 */
final class RewriteRun extends QueuedRun {

    private final MemorySegment pages;

    /** What each page held when each of its two writes was asked for, by token. */
    private final int[] asked;

    /** The contents of the write that completed last, for each page. */
    private final int[] written;

    private final boolean[] good;

    private int lastContents;

    RewriteRun(Setting setting, InFlightBatch batch) {
        super(setting, batch);
        int count = cell.depth() / 2;
        pages = arena.allocate((long) count * cell.size());
        asked = new int[2 * count];
        written = new int[count];
        good = new boolean[count];
    }

    @Override
    void runBatch() throws IOException {
        int count = written.length;
        long start = set.position(cell.kind().direction(), pages.byteSize(), random);
        for (int token = 0; token < asked.length; token++) {
            int page = token % count;
            good[page] = true;
            asked[token] = change(page);
            batch.write(file, List.of(page(page)), position(start, page));
            if (page == count - 1) {
                batch.submit();
            }
        }
        do {
            for (int page = 0; page < count; page++) {
                change(page);
            }
        } while (batch.poll(this::completed));
        for (int page = 0; page < count; page++) {
            judge(good[page] && holds(page, position(start, page)));
        }
    }

    private void completed(int token, boolean agrees) {
        int page = token % written.length;
        written[page] = asked[token];
        good[page] &= agrees;
    }

    private boolean holds(int page, long position) throws IOException {
        return readsBack(position)
                && (cell.mode() == Transfer.PIN
                        || RequestContents.areIn(readBack(), written[page]));
    }

    /** Gives a page contents that it never had. */
    private int change(int page) {
        RequestContents.fill(page(page), ++lastContents);
        return lastContents;
    }

    private MemorySegment page(int page) {
        return pages.asSlice((long) page * cell.size(), cell.size());
    }

    private long position(long start, int page) {
        return start + (long) page * cell.size();
    }

    /** Every change but the first of each page and batch meets a write under way. */
    @Override
    long mutations() {
        return lastContents;
    }
}
