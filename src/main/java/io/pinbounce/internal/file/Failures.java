package io.pinbounce.internal.file;

import org.jspecify.annotations.Nullable;

import java.io.IOException;

/** Failures that no caller has been given yet: the first, with all later ones attached to it. */
public final class Failures {

    private @Nullable Throwable first;

    public void add(@Nullable Throwable failure) {
        if (first == null) {
            first = failure;
        } else if (failure != null) {
            first.addSuppressed(failure);
        }
    }

    public void throwFirst() throws IOException {
        if (first instanceof IOException e) {
            throw e;
        }
        if (first != null) {
            throw new IOException("an operation failed: " + first, first);
        }
    }
}
