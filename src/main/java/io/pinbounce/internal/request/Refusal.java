package io.pinbounce.internal.request;

import io.pinbounce.DirectIoException;
import io.pinbounce.Transfer;
import io.pinbounce.internal.file.Errors;
import io.pinbounce.internal.linux.Errno;

/**
 * What becomes of an unguarded write that the device refuses: it may have seen the caller's memory
 * change. What is not known to be written goes out again as a copy, once; if that is taken, the
 * device is known to need stable pages.
 */
final class Refusal {

    private final Request request;

    /** Whether a copy goes out. */
    private boolean sendsCopy;

    Refusal(Request request) {
        this.request = request;
    }

    /** Starts anew. */
    void clear() {
        sendsCopy = false;
    }

    /**
     * Has a copy of the rest sent, or throws what ends the write: if the copy failed as well, the
     * first failure.
     *
     * @param pinned whether the caller's own memory was sent
     * @param failed {@code -errno} of that
     */
    void begin(boolean pinned, long failed) throws DirectIoException {
        DirectIoException now = Errors.of(request.call(), failed, request.done());
        if (sendsCopy) {
            DirectIoException first = Errors.of(request.call(), -Errno.EILSEQ, request.done());
            first.addSuppressed(now);
            throw first;
        }
        sendsCopy =
                pinned
                        && failed == -Errno.EILSEQ
                        && request.file().spec().transfer() == Transfer.AUTO;
        if (!sendsCopy) {
            throw now;
        }
    }

    /** All is written. */
    void end() {
        if (sendsCopy) {
            request.file().inode().device().tookCopy(request.call());
        }
    }
}
