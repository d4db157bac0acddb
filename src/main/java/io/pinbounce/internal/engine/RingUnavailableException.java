package io.pinbounce.internal.engine;

/** An engine cannot make a ring; the message says why, and what to do. */
public final class RingUnavailableException extends Exception {

    private static final long serialVersionUID = 1;

    /**
     * Says why.
     *
     * @param reason in words, with the fix
     */
    public RingUnavailableException(String reason) {
        super(reason);
    }
}
