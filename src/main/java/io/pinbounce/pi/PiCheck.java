package io.pinbounce.pi;

/**
 * A field of the tuple that is generated and verified; in the order in which NVMe reports failures.
 */
public enum PiCheck {
    /** The CRC over the interval: finds changed data. */
    GUARD,

    /** The application tag: 16 bits of the caller's own, compared under a mask. */
    APP_TAG,

    /** The reference tag: finds data that went to, or came from, the wrong place. */
    REF_TAG,

    /** The storage tag: a constant of the caller's own, where the format gives it room. */
    STORAGE_TAG
}
