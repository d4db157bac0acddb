package io.pinbounce.internal.request;

import io.pinbounce.DirectIoException;
import io.pinbounce.DirectIoException.Call;
import io.pinbounce.internal.file.Errors;
import io.pinbounce.internal.file.OpenFile;
import io.pinbounce.internal.linux.Errno;

import org.jspecify.annotations.Nullable;

import java.util.Objects;

/**
 * What a write does to the size of its file. The file takes whole units, so a write past the end
 * pads the last one with zeros, and cuts it back to its right size under the size lock.
 */
final class SizeChange {

    private final UnitRange units;

    private @Nullable OpenFile file;

    /** The byte behind the last one that is sent to the file. */
    private long limit;

    /**
     * Where the file ended when the kernel was asked; {@link Long#MAX_VALUE} if it was not asked.
     */
    private long asked;

    /** The byte behind the last one that was sent so far, padding included. */
    private long highest;

    SizeChange(UnitRange units) {
        this.units = units;
    }

    /** Starts anew; the units are set. */
    void set(OpenFile file) {
        this.file = file;
        limit = units.start();
        asked = Long.MAX_VALUE;
        highest = 0;
    }

    /**
     * Decides how far the write goes. One that ends inside a unit asks the kernel where the file
     * ends: if another process has made it shorter, the padding of the unit would make it too long.
     *
     * @param request the write
     * @throws DirectIoException if the write would go past the end of a device
     */
    void begin(Request request) throws DirectIoException {
        limit = units.limit();
        long size = file().inode().size();
        if (!file().device()) {
            if (units.end() < limit && limit <= size) {
                asked = file().askSize(request.call());
            }
            return;
        }
        if (units.end() > size) {
            throw new DirectIoException(
                    "the write ends past the end of the device, size=" + size,
                    request.call(),
                    Errno.ENOSPC,
                    0);
        }
        limit = Math.min(limit, size);
    }

    long limit() {
        return limit;
    }

    private OpenFile file() {
        return Objects.requireNonNull(file, "the write is not set");
    }

    /** Whether the write makes the file longer, even if only for a moment. */
    boolean grows() {
        return !file().device() && limit > Math.min(asked, file().inode().size());
    }

    /** The same, once the size lock is held: asks the kernel for the size first. */
    boolean growsAfterAll(Request request) throws DirectIoException {
        asked = file().askSize(request.call());
        file().inode().publishSize(asked);
        return grows();
    }

    /** Notes that all bytes up to a position are about to be sent. */
    void send(long to) {
        highest = Math.max(highest, to); // bytes that are sent again may go in smaller parts
    }

    /** Where the file ends by now, as far as the write knows. */
    long knownEnd(long size) {
        return Math.max(size, highest);
    }

    /** Whether padding will be cut off: a force before the cut would make a wrong size durable. */
    boolean endsInCut() {
        return limit > Math.max(units.end(), file().inode().size());
    }

    /** The size of the file once the bytes that the caller did not write are cut off. */
    long sizeAfter(long done) {
        long before = file().inode().size();
        return done > 0 ? Math.max(before, units.position() + done) : before;
    }

    /**
     * Cuts the padding off and publishes the new size.
     *
     * @param request the write
     * @param done bytes of it that are known to be written
     * @param forces whether the right size has to be durable
     */
    void settle(Request request, long done, boolean forces) throws DirectIoException {
        long size = sizeAfter(done);
        boolean whole = done == units.end() - units.position(); // then the padding is written, too
        Call call = highest > size ? request.call() : null;
        if (call != null && (whole || file().askSize(call) > size)) {
            int failed = file().truncate(size);
            if (failed == 0 && forces) {
                failed = file().force();
            }
            if (failed < 0) {
                Call cut = new Call("truncate", call.path(), call.position(), call.length());
                throw Errors.of(cut, failed, done);
            }
        }
        file().inode().publishSize(size);
    }
}
