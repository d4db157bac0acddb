package io.pinbounce;

import org.jspecify.annotations.Nullable;

import java.io.IOException;

/**
 * A request of a {@link DirectQueue} that is done, well or not. It is valid only while it is being
 * handed over: the queue uses the same object again for the next one.
 */
public interface Completion {

    /**
     * Which request this is.
     *
     * @return the number that the caller gave it
     */
    long token();

    /**
     * How much was moved. Asking is what throws if the request failed, so that no error is
     * overlooked.
     *
     * @return bytes read, fewer than asked for only at the end of the file; bytes written, all of
     *     them; bytes sealed; 0 for a force
     * @throws IOException as the same call on a {@link DirectFile}
     */
    long bytes() throws IOException;

    /**
     * What went wrong, for callers that do not want it thrown.
     *
     * @return an {@link IOException} as a rule; null if the request is done well
     */
    @Nullable Throwable failure();

    /**
     * How the data moved.
     *
     * @return {@link Transfer#BOUNCE} if any of it went through the pool, else {@link Transfer#PIN}
     */
    Transfer transfer();
}
