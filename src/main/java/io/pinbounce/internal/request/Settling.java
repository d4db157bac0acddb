package io.pinbounce.internal.request;

import io.pinbounce.DirectIoException;
import io.pinbounce.internal.engine.Submission;
import io.pinbounce.internal.request.Request.Step;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.Objects;

/**
 * Settles a guarded part whose write failed, or whose result is unknown: the part is read back, and
 * each interval keeps the seal, old or new, that matches the data on the device.
 */
final class Settling {

    private final Request request;

    private final WritePart part;

    private final SizeChange sizeChange;

    private @Nullable DirectIoException failure;

    Settling(Request request, WritePart part, SizeChange sizeChange) {
        this.request = request;
        this.part = part;
        this.sizeChange = sizeChange;
    }

    /** Starts anew. */
    void clear() {
        failure = null;
    }

    /** Reads the part back; if no slot is free, throws the failure at once. */
    Step readBack(DirectIoException writeFailure) throws DirectIoException {
        failure = writeFailure;
        request.file().counters().settledWrites.increment();
        if (!part.takeSlot()) {
            throw writeFailure; // requests that have slots may wait for this one's intent
        }
        return request.startSlot(Submission.Op.READ, part.from(), 0, part.data().byteSize());
    }

    /** The part was read back: settles it, and throws why it failed. */
    void accept(WriteGuard guard) throws IOException {
        settle(guard);
        part.end();
        throw Objects.requireNonNull(failure, "the write has not failed");
    }

    private void settle(WriteGuard guard) throws IOException {
        long size = sizeChange.sizeAfter(request.done()); // bytes past this size will be cut off
        long left = Math.clamp(size - part.from(), 0, part.length());
        if (request.span.failed() != 0) {
            guard.damage(left);
        } else {
            request.padWithZeros(part.data(), size);
            guard.settle(part.data(), left);
        }
    }

    /** Reads back and settles in a call of its own: nothing else of the request goes on. */
    void settleNow(WriteGuard guard) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            long alignment = request.file().geometry().memoryAlignment();
            part.use(arena.allocate(part.wholeUnits(), alignment));
            request.readNow(part.from(), part.data());
            settle(guard);
        }
    }
}
