package io.pinbounce.tool.bench;

import io.pinbounce.DirectCounts;
import io.pinbounce.DirectFile;
import io.pinbounce.Engine;
import io.pinbounce.Transfer;
import io.pinbounce.internal.linux.Descriptors;
import io.pinbounce.internal.linux.OpenFlags;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Whether a column ran as its name says, from what the file counted and the kernel reports: each
 * check returns a sentence that says what was otherwise, or an empty string.
 */
final class PathCheck {

    private final Column column;

    private final Direction direction;

    private final DirectFile file;

    private final DirectCounts before;

    /** Starts to watch a file that has no requests under way. */
    PathCheck(Column column, Direction direction, DirectFile file) {
        this.column = column;
        this.direction = direction;
        this.file = file;
        before = file.counts();
    }

    /**
     * How requests moved.
     *
     * @param requests that ended since the start, at least
     */
    String moved(long requests) {
        return moved(column, direction, before, file.counts(), requests);
    }

    static String moved(
            Column column,
            Direction direction,
            DirectCounts before,
            DirectCounts now,
            long requests) {
        boolean reads = direction == Direction.READ;
        long pinned =
                reads
                        ? now.pinnedReads() - before.pinnedReads()
                        : now.pinnedWrites() - before.pinnedWrites();
        long bounced =
                reads
                        ? now.bouncedReads() - before.bouncedReads()
                        : now.bouncedWrites() - before.bouncedWrites();
        boolean pins = column.transfer() != Transfer.BOUNCE;
        if ((pins ? pinned : bounced) < requests || (pins ? bounced : pinned) > 0) {
            return "requests did not move as they should: pinned=%d bounced=%d of=%d"
                    .formatted(pinned, bounced, requests);
        }
        long again =
                now.lazyRereads()
                        - before.lazyRereads()
                        + (now.blockReads() - before.blockReads())
                        + (now.settledWrites() - before.settledWrites());
        if (again != 0) {
            return "requests were repeated: count=" + again;
        }
        return column.format() == null ? "" : verified(before, now);
    }

    private static String verified(DirectCounts before, DirectCounts now) {
        long unverified = now.unverifiedIntervals() - before.unverifiedIntervals();
        return unverified == 0
                ? ""
                : "data was read without being verified: intervals=" + unverified;
    }

    /** Whether data of a guarded column is read back verified, and its sidecar exists. */
    String guarded(Path sidecar, ReadBack readBack) throws IOException {
        if (column.format() == null) {
            return "";
        }
        if (file.counts().unverifiedIntervals() != before.unverifiedIntervals()) {
            return verified(before, file.counts());
        }
        if (column.store() == Column.Store.SIDECAR
                && !(Files.exists(sidecar) && Files.size(sidecar) > 0)) {
            return "there is no sidecar: path=" + sidecar;
        }
        long intervals = readBack.intervals();
        long unverified = file.counts().unverifiedIntervals() - before.unverifiedIntervals();
        return unverified == 0
                ? ""
                : "data has no guards: intervals=%d of=%d".formatted(unverified, intervals);
    }

    /** Reads some guarded intervals, and returns how many. */
    interface ReadBack {

        long intervals() throws IOException;
    }

    /** Whether the file is open, and every descriptor of it has O_DIRECT. */
    static String direct(Path path) throws IOException {
        List<Integer> descriptors = Descriptors.of(path);
        for (int fd : descriptors) {
            if ((Descriptors.flags(fd) & OpenFlags.O_DIRECT) == 0) {
                return "the file is open without O_DIRECT: fd=" + fd;
            }
        }
        return descriptors.isEmpty() ? "the file is not open: path=" + path : "";
    }

    /** Whether a queue runs on the engine that was asked for. */
    static String engine(Engine wanted, String engine) {
        boolean ring = engine.equals("io_uring");
        boolean right =
                switch (wanted) {
                    case AUTO -> true;
                    case REQUIRED_URING -> ring;
                    case SYSCALL -> !ring;
                };
        return right ? "" : "something else moves the data: wanted=" + wanted + " is=" + engine;
    }
}
