package io.pinbounce;

/** What a guarded {@link Transfer#PIN} write does about memory that did not hold still. */
public enum StabilityCheck {

    /** Trust the caller. */
    NONE,

    /**
     * Compute the guards again after the write, and fail with {@link UnstableBufferException} if
     * they differ. A change that was undone before the check is not seen.
     */
    AFTER_WRITE
}
