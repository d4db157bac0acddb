package io.pinbounce;

/** What happens if data that has a sidecar is opened for writing without its protection. */
public enum Bypass {

    /**
     * Opening fails. The sidecar would not learn of the writes, so the next reader with protection
     * would find damage.
     */
    REFUSED,

    /** The file is opened all the same: what is written reads as damage with protection. */
    ALLOWED
}
