package io.pinbounce.tool.scrub;

import io.pinbounce.Completion;
import io.pinbounce.DirectIoException;
import io.pinbounce.DirectQueue;
import io.pinbounce.Hole;
import io.pinbounce.ProtectionException;
import io.pinbounce.buffer.Alignment;
import io.pinbounce.internal.linux.Errno;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.function.BooleanSupplier;

/**
 * Goes over bytes of a file from beginning to end, with as many requests in flight as the queue is
 * deep:
 *
 * <pre>
 *   start                    next                             end
 *     |== done ==|- in flight -|......... to be asked for .......|
 * </pre>
 *
 * <p>A request that finds damage is noted, and the sweep goes on. One that the medium refuses is
 * asked for again in parts, and those in parts again, down to what can be read by itself, so that
 * only what is really lost is reported. When it is stopped it takes in what is in flight, so that
 * all bytes below {@code next} were seen, and none behind.
 */
final class Sweep {

    /**
     * Parts of a request that was refused. A disk may take seconds to give up: of 1 MiB with one
     * bad block, three requests of 33 fail; if all is bad, 273 do, where 256 are the fewest.
     */
    private static final int PARTS = 16;

    private static final long UPDATE_NANOS = Duration.ofMillis(100).toNanos();

    private final DirectQueue queue;

    private final Findings findings;

    private final ScrubListener listener;

    private final BooleanSupplier stopped;

    private final long startNanos = System.nanoTime();

    private long updatedNanos = startNanos;

    private final long[] positions;

    private final long[] lengths;

    /** Slots without a request in flight, which are tokens as well: the first {@code freeCount}. */
    private final int[] free;

    private int freeCount;

    /** Parts of requests that were refused, which are sent before anything else. */
    private final ArrayDeque<Part> refused = new ArrayDeque<>();

    private long done;

    private long moved;

    private long passed;

    /** Some bytes of the file. */
    private record Part(long position, long length) {}

    /** Finds holes that need not be read. */
    @FunctionalInterface
    interface Holes {

        /** Knows of no holes, so everything is read. */
        Holes NONE = (position, _) -> new Hole(position, 0);

        /**
         * Goes over a hole.
         *
         * @param position of its first byte, if there is one
         * @param length bytes of it at the most
         */
        Hole at(long position, long length) throws IOException;
    }

    /** What is done about unprotected intervals of a hole. */
    enum Unprotected {
        /** They are counted. */
        PASSED,
        /** They are asked for, in one request with all of the hole. */
        ASKED
    }

    /** Sends the requests of a sweep. */
    @FunctionalInterface
    interface RequestSender {

        /**
         * Puts one request into the queue.
         *
         * @param slot of the request, and its token
         * @param length past the end of the file if a whole grain is
         */
        void send(int slot, long position, long length) throws IOException;
    }

    /**
     * What a sweep did.
     *
     * @param done bytes from the start on
     * @param moved bytes that requests say they have moved
     * @param passed bytes that are unprotected of those that needed no request
     * @param findings what is bad
     */
    record Result(
            Ending ending,
            long done,
            long moved,
            long passed,
            Findings findings,
            Duration duration) {}

    /**
     * A sweep that has not begun.
     *
     * @param queue used for nothing else meanwhile
     * @param findings takes what is bad
     * @param listener is told how the sweep gets on
     * @param stopped asked before each request whether to stop
     */
    Sweep(DirectQueue queue, Findings findings, ScrubListener listener, BooleanSupplier stopped) {
        this.queue = queue;
        this.findings = findings;
        this.listener = listener;
        this.stopped = stopped;
        positions = new long[queue.depth()];
        lengths = new long[queue.depth()];
        free = new int[queue.depth()];
        for (int slot = 0; slot < free.length; slot++) {
            release(slot);
        }
    }

    /**
     * Goes over a range once.
     *
     * @param range what
     * @param holes finds what need not be read
     * @param unprotected what is done about unprotected intervals of holes
     * @param sender puts each request into the queue
     */
    Result run(SweepRange range, Holes holes, Unprotected unprotected, RequestSender sender)
            throws IOException {
        long next = range.start();
        long size = range.size();
        try {
            while (true) {
                while (!refused.isEmpty() && freeCount > 0) {
                    ask(refused.remove(), range.grain(), sender);
                }
                while (next < range.end() && freeCount > 0 && !stopped.getAsBoolean()) {
                    Hole hole = holes.at(next, range.end() - next);
                    boolean isHole = hole.end() > next;
                    long length = isHole ? hole.end() - next : Math.min(size, range.end() - next);
                    if (isHole && (unprotected == Unprotected.PASSED || hole.unprotected() == 0)) {
                        passed += hole.unprotected();
                        done += length;
                        updateIfDue(range);
                    } else {
                        ask(new Part(next, length), range.grain(), sender);
                    }
                    next += length;
                    size = isHole && length >= SweepRange.FIRST_REQUEST ? range.first() : 2 * size;
                    size = Math.min(size, range.size());
                }
                if (freeCount == free.length) {
                    break;
                }
                queue.await(1, completion -> take(completion, range.grain()));
                updateIfDue(range);
            }
        } finally {
            settle();
        }
        update(range);
        Ending ending = next < range.end() ? Ending.STOPPED : Ending.COMPLETE;
        return new Result(ending, next - range.start(), moved, passed, findings, elapsed());
    }

    private void ask(Part part, long grain, RequestSender sender) throws IOException {
        int slot = free[freeCount - 1];
        positions[slot] = part.position;
        lengths[slot] = part.length;
        sender.send(slot, part.position, Alignment.up(part.length, grain));
        freeCount--;
    }

    private void take(Completion completion, long grain) throws IOException {
        int slot = (int) completion.token();
        release(slot);
        switch (completion.failure()) {
            case null -> moved += completion.bytes();
            case ProtectionException e -> findings.add(e.intervals());
            case DirectIoException e when isOfTheMedium(e.errno()) -> {
                narrow(slot, e, grain);
                return;
            }
            default -> completion.bytes(); // throws it
        }
        done += lengths[slot];
    }

    /** Splits what is left of a refused request, or reports it if it is as short as can be. */
    private void narrow(int slot, DirectIoException refusal, long grain) {
        long sound = Alignment.down(Math.min(refusal.bytesDone(), lengths[slot]), grain);
        long end = positions[slot] + lengths[slot];
        long from = positions[slot] + sound;
        moved += refusal.bytesDone();
        done += sound;
        if (end - from <= grain) {
            findings.add(new UnreadableRange(from, end - from, refusal.errno()));
            done += end - from;
            return;
        }
        long length = Alignment.up((end - from + PARTS - 1) / PARTS, grain);
        for (long at = from; at < end; at += length) {
            refused.add(new Part(at, Math.min(length, end - at)));
        }
    }

    private void release(int slot) {
        free[freeCount++] = slot;
    }

    /** Whether the medium refused, so that the next bytes may still be read. */
    static boolean isOfTheMedium(int errno) {
        return switch (errno) {
            case Errno.EIO, Errno.EILSEQ, Errno.ENODATA -> true;
            default -> false;
        };
    }

    /** After a failure, waits until nothing uses the caller's memory any more. */
    private void settle() throws IOException {
        while (queue.pending() > 0) {
            queue.await(queue.pending(), _ -> {});
        }
    }

    private void updateIfDue(SweepRange range) {
        if (System.nanoTime() - updatedNanos >= UPDATE_NANOS) {
            update(range);
        }
    }

    private void update(SweepRange range) {
        updatedNanos = System.nanoTime();
        listener.update(
                new ScrubProgress(
                        done,
                        range.length(),
                        elapsed(),
                        findings.damaged() + findings.unreadableIntervals()));
    }

    private Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - startNanos);
    }
}
