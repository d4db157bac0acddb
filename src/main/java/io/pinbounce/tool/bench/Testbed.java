package io.pinbounce.tool.bench;

import io.pinbounce.Bypass;
import io.pinbounce.DirectFile;
import io.pinbounce.DirectOptions;
import io.pinbounce.DirectQueue;
import io.pinbounce.buffer.PinnedArena;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

/**
 * The part of a target that is used, and what uses it: one queue, and memory for all its requests.
 *
 * <p>All columns work on one file or device. Files that are open for writing on one inode share
 * their protection, so each turn opens it anew. Guards in memory are gone with that; before a turn
 * that reads them, what is there is therefore sealed, which is not measured. A sidecar matches the
 * data until the next turn that writes.
 */
final class Testbed implements AutoCloseable {

    private static final int CHUNK = 256 << 10;

    /** Columns without the sidecar write past it; {@link #written} is told of that. */
    private static final DirectOptions WRITER = DirectOptions.readWrite().bypass(Bypass.ALLOWED);

    /** A pass over all of it should take no longer; a slow target is used in part only. */
    private static final double PASS_NANOS = 60e6;

    private final Path path;

    private final Path sidecar;

    /** Changes the options that a column's file is opened with: tests use it, nothing else. */
    private final UnaryOperator<DirectOptions> options;

    private final PinnedArena arena = PinnedArena.ofShared();

    private final MemorySegment memory;

    private final DirectQueue queue;

    private long span;

    private boolean sealed; // whether the sidecar matches the data

    Testbed(BenchPlan plan, Path path, Path sidecar, UnaryOperator<DirectOptions> options)
            throws IOException {
        this.path = path;
        this.sidecar = sidecar;
        this.options = options;
        // Pages of all zeros could be treated in some special way by a device.
        memory =
                arena.allocate(Math.max(plan.memory(), (long) plan.depth() * CHUNK))
                        .fill((byte) 0x5A);
        queue = DirectQueue.open(plan.depth(), plan.engine());
    }

    /**
     * Writes what will be read, on as much of the target as its speed allows in the plan's time.
     */
    void fill(BenchPlan plan, BooleanSupplier stopped) throws IOException {
        try (DirectFile file = DirectFile.open(path, WRITER)) {
            span = plan.span() == 0 ? plan.neededSpan() : plan.span();
            pass(file, Direction.WRITE);
            if (plan.span() == 0 && !stopped.getAsBoolean()) {
                double nanos = pass(file, Direction.READ).nanos();
                while (span < BenchPlan.MAX_SPAN && nanos * 2 < PASS_NANOS) {
                    span *= 2;
                    nanos *= 2;
                }
                pass(file, Direction.WRITE);
            }
            if (file.size() < span) {
                throw new IOException(
                        "the target is too small; a smaller --size, --sizes or --depth may do:"
                                + (" path=" + path + " length=" + file.size() + " needed=" + span));
            }
            file.force();
        }
    }

    private Measurement pass(DirectFile file, Direction direction) throws IOException {
        return traffic(file, plain(direction), QueueTraffic.Observer.none()).pass();
    }

    private Traffic plain(Direction direction) {
        return new BenchRow(direction, AccessPattern.SEQUENTIAL, CHUNK)
                .traffic(queue.depth(), span);
    }

    QueueTraffic traffic(DirectFile file, Traffic traffic, QueueTraffic.Observer observer) {
        return new QueueTraffic(file, queue, traffic, memory, observer);
    }

    /** Opens the target for one turn. */
    DirectFile open(Column column) throws IOException {
        DirectOptions usual =
                WRITER.transfer(column.transfer()).protection(column.protection(sidecar));
        return DirectFile.open(path, options.apply(usual));
    }

    /** Seals everything that a column is about to read, unless it is sealed. */
    void guard(Column column, DirectFile file) throws IOException {
        boolean kept = column.store() == Column.Store.SIDECAR && sealed;
        if (column.format() == null || kept) {
            return;
        }
        int asked = 0;
        for (long at = 0; at < span; at += CHUNK) {
            if (asked == queue.depth()) {
                asked -= queue.await(1, done -> done.bytes());
            }
            queue.seal(file, at, CHUNK, at);
            asked++;
        }
        while (queue.pending() > 0) {
            queue.await(1, done -> done.bytes());
        }
        sealed |= column.store() == Column.Store.SIDECAR;
    }

    /** Notes that a turn has written, so that the sidecar does not match the data any more. */
    void written() {
        sealed = false;
    }

    DirectQueue queue() {
        return queue;
    }

    Path path() {
        return path;
    }

    Path sidecar() {
        return sidecar;
    }

    long span() {
        return span;
    }

    BenchTarget target() throws IOException {
        try (DirectFile file = DirectFile.open(path, WRITER)) {
            return new BenchTarget(
                    path, sidecar, file.geometry(), span, queue.engine(), queue.engineReason());
        }
    }

    @Override
    public void close() throws IOException {
        queue.close();
        arena.close();
    }
}
