package io.pinbounce;

import org.jspecify.annotations.Nullable;

import java.io.IOException;

/**
 * The result of a request of a {@link DirectQueue}, whether it succeeded or failed. The object is
 * valid only while the handler runs: the queue uses it again for the next request.
 */
public interface Completion {

    /**
     * Which request this is.
     *
     * @return the number that the caller gave it
     */
    long token();

    /**
     * How much was moved. This call throws if the request failed, so that no error is overlooked.
     *
     * @return bytes read, fewer than asked for only at the end of the file; bytes written, all of
     *     them; bytes sealed; 0 for a force
     * @throws IOException as the same call on a {@link DirectFile}
     */
    long bytes() throws IOException;

    /**
     * Why the request failed, for callers that do not want an exception thrown.
     *
     * @return an {@link IOException} as a rule; null if the request succeeded
     */
    @Nullable Throwable failure();

    /**
     * How the data moved.
     *
     * @return {@link Transfer#BOUNCE} if any of it went through the pool, else {@link Transfer#PIN}
     */
    Transfer transfer();
}
