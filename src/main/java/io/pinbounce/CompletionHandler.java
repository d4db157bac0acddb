package io.pinbounce;

import java.io.IOException;

/** Takes the completions of a {@link DirectQueue}, one after the other, in its owner's thread. */
@FunctionalInterface
public interface CompletionHandler {

    /**
     * Takes a completion. It may make new requests and submit them, but not wait for any.
     *
     * @param completion valid until this method returns
     * @throws IOException for example that of {@link Completion#bytes()}; it ends the call that
     *     handed the completion over, and later completions are handed over by the next call
     */
    void completed(Completion completion) throws IOException;
}
