package io.pinbounce.internal.engine;

/** An engine cannot make a ring; the message says why, and what to do. */
public final class RingUnavailableException extends Exception {

    private static final long serialVersionUID = 1;

    private final boolean passing;

    /**
     * Says why, for good: trying again is useless while the process runs.
     *
     * @param reason in words, with the fix
     */
    public RingUnavailableException(String reason) {
        this(reason, false);
    }

    /**
     * Says why.
     *
     * @param reason in words, with the fix
     * @param passing whether it is a shortage, so that trying again later may succeed
     */
    public RingUnavailableException(String reason, boolean passing) {
        super(reason);
        this.passing = passing;
    }

    /**
     * Whether trying again later may succeed.
     *
     * @return false if a rule forbids rings, or the kernel has none
     */
    public boolean passing() {
        return passing;
    }
}
