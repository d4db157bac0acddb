package io.pinbounce.internal.driver;

import io.pinbounce.Completion;
import io.pinbounce.Transfer;

import org.jspecify.annotations.Nullable;

import java.io.IOException;

/**
 * The result of a request, copied from its slot: a completion handler may make a new request, which
 * gets that slot.
 */
final class TakenResult implements Completion {

    private long token;

    private long bytes;

    private boolean bounced;

    private @Nullable Throwable failure;

    void set(long token, long bytes, boolean bounced, @Nullable Throwable failure) {
        this.token = token;
        this.bytes = bytes;
        this.bounced = bounced;
        this.failure = failure;
    }

    @Override
    public long token() {
        return token;
    }

    @Override
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

    @Override
    public @Nullable Throwable failure() {
        return failure;
    }

    @Override
    public Transfer transfer() {
        return bounced ? Transfer.BOUNCE : Transfer.PIN;
    }

    @Override
    public String toString() {
        return "token=" + token + (failure == null ? " bytes=" + bytes : " failure=" + failure);
    }
}
