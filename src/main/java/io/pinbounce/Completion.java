package io.pinbounce;

import org.jspecify.annotations.Nullable;

import java.io.IOException;

/**
 * A request of a {@link DirectQueue} that is done, well or not. It is valid only while it is being
 * handed over: the queue uses the same object again for the next one.
 */
public final class Completion {

    private long token;

    private long bytes;

    private boolean bounced;

    private @Nullable Throwable failure;

    Completion() {}

    void set(long token, long bytes, boolean bounced, @Nullable Throwable failure) {
        this.token = token;
        this.bytes = bytes;
        this.bounced = bounced;
        this.failure = failure;
    }

    /**
     * Which request this is.
     *
     * @return the number that the caller gave it
     */
    public long token() {
        return token;
    }

    /**
     * How much was moved. Asking is what throws if the request failed, so that no error is
     * overlooked.
     *
     * @return bytes read, fewer than asked for only at the end of the file; bytes written, all of
     *     them; bytes sealed; 0 for a force
     * @throws IOException as the same call on a {@link DirectFile}
     */
    public long bytes() throws IOException {
        Throwable thrown = failure;
        if (thrown instanceof IOException e) {
            throw e;
        }
        if (thrown instanceof RuntimeException e) {
            throw e;
        }
        if (thrown != null) {
            throw new IOException("the request ended with " + thrown, thrown);
        }
        return bytes;
    }

    /**
     * What went wrong, for callers that do not want it thrown.
     *
     * @return an {@link IOException} as a rule; null if the request is done well
     */
    public @Nullable Throwable failure() {
        return failure;
    }

    /**
     * How the data moved.
     *
     * @return {@link Transfer#BOUNCE} if any of it went through the pool, else {@link Transfer#PIN}
     */
    public Transfer transfer() {
        return bounced ? Transfer.BOUNCE : Transfer.PIN;
    }

    @Override
    public String toString() {
        return "token=" + token + (failure == null ? " bytes=" + bytes : " failure=" + failure);
    }
}
