package io.pinbounce;

/** What happens to data that is in a file when it is opened. */
public enum Contents {
    /** It stays. */
    KEEP,
    /** The file starts empty. */
    DISCARD
}
