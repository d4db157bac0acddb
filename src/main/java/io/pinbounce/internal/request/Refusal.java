package io.pinbounce.internal.request;

import io.pinbounce.DirectIoException;
import io.pinbounce.Transfer;
import io.pinbounce.internal.file.Errors;
import io.pinbounce.internal.linux.Errno;

/**
 * Handles an unguarded write that the device refuses: the caller's memory may have changed on the
 * way. The bytes that are not known to be written are sent again as a copy, once; if the device
 * accepts the copy, it is known to need stable pages.
 */
final class Refusal {

    private final Request request;

    /** Whether the write is being sent again as a copy. */
    private boolean sendsCopy;

    Refusal(Request request) {
        this.request = request;
    }

    /** Starts anew. */
    void clear() {
        sendsCopy = false;
    }

    /**
     * Chooses to send a copy of the rest, or throws the error that ends the write: if the copy
     * failed as well, the first error.
     *
     * @param pinned whether the caller's own memory was sent
     * @param failed {@code -errno} of the failed transfer
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

    /** The whole write is written: if a copy was accepted, the device needs stable pages. */
    void end() {
        if (sendsCopy) {
            request.file().inode().device().tookCopy(request.call());
        }
    }
}
