package io.pinbounce;

/** What a file is used for. */
public enum Access {
    /** Reading only. */
    READ,
    /** Reading and writing. */
    READ_WRITE
}
