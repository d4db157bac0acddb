package io.pinbounce.tool.bench;

/** Of the data. */
public enum Direction {
    /** From the target. */
    READ,
    /** To the target. */
    WRITE
}
